"""A policy of another embodiment, as the runner knows policies."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.policy_runner.mapped.config import PolicyMapping
from vla_humanoid.policy_runner.mapped.doing import Doing
from vla_humanoid.policy_runner.mapped.seeing import Seeing
from vla_humanoid.policy_runner.policy import PolicyError, Query


class ForeignPolicy(Protocol):
    """Answers observations of its own kind, such as a server."""

    def infer(self, observation: Mapping[str, object]) -> Mapping[str, object]:
        """Return an answer, with the actions of the next steps in it.

        Raises:
            PolicyError: if there is none.
        """
        ...


class MappedPolicy:
    """Makes a policy of this robot of one of another embodiment.

    Args:
        foreign: answers.
        mapping: what its observations and actions are to this robot.
    """

    def __init__(self, foreign: ForeignPolicy, mapping: PolicyMapping) -> None:
        self.description = mapping.ours
        self._foreign, self._key = foreign, mapping.answered.key
        self._seeing, self._doing = Seeing(mapping), Doing(mapping)

    def reset(self, instruction: str) -> None:
        """Hold what is held as it will be seen next; the policy is told with every question."""
        self._doing.reset()

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return an action chunk, normalized, shape (horizon, our action dim).

        Raises:
            PolicyError: if there is no answer, or it is not what the mapping says.
        """
        answer = self._foreign.infer(self._seeing.told(query.observation))
        actions = answer.get(self._key)
        if not isinstance(actions, np.ndarray):
            listed = ", ".join(map(repr, answer)) or "nothing"
            raise PolicyError(f"The policy answers without {self._key!r}; it has {listed}.")
        state = np.asarray(query.observation["state"], dtype=np.float32)
        return self._doing.made(actions, state, query.previous)
