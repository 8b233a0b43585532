"""The ground's forces on a robot at rest, for engines that know them only after a first step."""

from dataclasses import replace

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.robot_model import GRAVITY
from vla_humanoid.schema import SIDES, FloatArray, WorldState
from vla_humanoid.tasks.core.stance import soles_of

_WEIGHT = GRAVITY * sum(link.mass for link in g1().links)


def with_standing_loads(state: WorldState, com: FloatArray) -> WorldState:
    """Return a state with the wrenches by which two flat soles hold a body at rest.

    Each foot bears the more, the nearer it is to the centre of mass; the moments about the soles
    put the ZMP under it.

    Args:
        state: of a world in which the robot stands at rest on both feet.
        com: the robot's centre of mass [m], world frame, shape (3,).
    """
    left, right = soles_of(state.robot)[:, :2]
    apart = right - left
    share = float(np.clip((com[:2] - left) @ apart / (apart @ apart), 0.0, 1.0))
    x, y = com[:2] - left - share * apart
    wrenches = {
        side: load * _WEIGHT * np.array([0.0, 0.0, 1.0, y, -x, 0.0])
        for side, load in zip(SIDES, (1.0 - share, share), strict=True)
    }
    return replace(state, robot=replace(state.robot, foot_wrenches=wrenches))
