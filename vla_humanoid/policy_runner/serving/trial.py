"""Whether a policy that was just made answers at all."""

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import ChunkPolicy, PolicyError, Query

LONGEST_CHUNK = 1000
"""Actions of an answer; at 20 Hz that is almost a minute."""


def try_policy(policy: ChunkPolicy) -> ChunkPolicy:
    """Ask a policy about a dark room, once, and return it.

    Raises:
        PolicyError: if it cannot answer, or what it answers is no chunk.
    """
    query = _synthetic(policy.description)
    policy.reset(str(query.observation["instruction"]))
    checked_chunk(policy.act(query), policy.description)
    return policy


def checked_chunk(actions: NDArray[np.float32], description: Description) -> NDArray[np.float32]:
    """Return what a policy answered as float32, shape (horizon, action dim).

    Raises:
        PolicyError: if it is no chunk of finite actions of this policy.
    """
    chunk = np.asarray(actions)
    dim = description.action.dim
    fits = chunk.ndim == 2 and 0 < len(chunk) <= LONGEST_CHUNK and chunk.shape[1] == dim
    if not fits or chunk.dtype.kind not in "fiu":
        raise PolicyError(
            f"The policy answered with {chunk.dtype} {chunk.shape}; it has to be numbers of shape "
            f"(horizon, {dim}), horizon 1 to {LONGEST_CHUNK}."
        )
    if not np.isfinite(chunk).all():
        raise PolicyError("The policy answered with actions that are not finite.")
    return chunk.astype(np.float32)


def _synthetic(description: Description) -> Query:
    size = description.image_size
    images = {
        f"images/{camera}": np.zeros((size, size, 3), dtype=np.uint8)
        for camera in description.cameras
    }
    state = np.zeros(len(description.state), dtype=np.float32)
    committed = np.zeros((0, description.action.dim), dtype=np.float32)
    return Query({**images, "state": state, "instruction": "stand still"}, committed)
