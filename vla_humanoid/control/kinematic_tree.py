"""Which degrees of freedom move which links."""

import mujoco
import numpy as np

from vla_humanoid.schema import FloatArray


def dofs_that_move(model: mujoco.MjModel, body: int) -> FloatArray:
    """Return 1 for each degree of freedom between the world and a body, 0 for the others."""
    moves = np.zeros(int(model.nv))
    while body > 0:
        first, count = int(model.body_dofadr[body]), int(model.body_dofnum[body])
        moves[first : first + count] = 1.0
        body = int(model.body_parentid[body])
    return moves
