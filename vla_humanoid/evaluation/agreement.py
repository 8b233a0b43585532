"""How near a policy's actions are to the expert's, where the expert acts."""

import numpy as np

from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.rollout import Policy

CLOSE = 0.1
"""Largest distance of an entry, normalized, that is right: 5 % of its range."""


class Shadowing:
    """The expert acts, and the policy says at every step what it would do instead.

    The expert follows motions that it has begun, so it cannot be asked what it would do where a
    policy has come to: it is the policy that is asked where the expert is (teacher forcing).

    Args:
        expert: acts.
        policy: looks on.
    """

    def __init__(self, expert: Policy, policy: Policy) -> None:
        self._expert, self._policy = expert, policy

    @property
    def gave_up(self) -> str | None:
        """Why the expert gave the episode up, or None."""
        return self._expert.gave_up

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        self._distances: list[float] = []
        self._shares: list[float] = []
        self._expert.reset()
        self._policy.reset()

    def act(self, observation: Observation) -> Action:
        """Return the expert's next action, each entry in [-1, 1]."""
        action = self._expert.act(observation)
        distance = np.abs(self._policy.act(observation) - action)
        self._distances.append(float(distance.mean()))
        self._shares.append(float((distance <= CLOSE).mean()))
        return action

    @property
    def error(self) -> float | None:
        """Mean distance of an entry, normalized; None before the first step."""
        return float(np.mean(self._distances)) if self._distances else None

    @property
    def accuracy(self) -> float | None:
        """Part of the entries that are right; None before the first step."""
        return float(np.mean(self._shares)) if self._shares else None
