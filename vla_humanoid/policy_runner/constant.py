"""Policies that look at nothing: a floor for others, and a test of the way there."""

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import Query

HORIZON = 16
"""Actions of an answer."""


class ZeroPolicy:
    """Asks for the middle of every range.

    Args:
        description: what it says that it sees and does.
    """

    def __init__(self, description: Description) -> None:
        self.description = description

    def reset(self, instruction: str) -> None:
        """Do nothing: it is the same in every episode."""

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return zeros, shape (horizon, action dim)."""
        return np.zeros((HORIZON, self.description.action.dim), dtype=np.float32)


class RandomPolicy:
    """Asks for anything, evenly, another thing at every step.

    Args:
        description: what it says that it sees and does.
        seed: of its draws.
    """

    def __init__(self, description: Description, seed: int = 0) -> None:
        self.description = description
        self._rng = np.random.default_rng(seed)

    def reset(self, instruction: str) -> None:
        """Do nothing: its draws go on."""

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return draws, shape (horizon, action dim)."""
        shape = HORIZON, self.description.action.dim
        return self._rng.uniform(-1.0, 1.0, shape).astype(np.float32)
