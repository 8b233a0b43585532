"""What a policy is to the runner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import Description

Image: TypeAlias = NDArray[np.uint8]
Action: TypeAlias = NDArray[np.float32]
Observation: TypeAlias = Mapping[str, Image | NDArray[np.float32] | str]
"""``images/<camera>`` uint8 (H, W, 3), ``state`` float32 (n,), and ``instruction``."""


class PolicyError(RuntimeError):
    """A policy cannot answer; the message says why."""


@dataclass(frozen=True)
class Query:
    """What a policy is asked.

    Args:
        observation: what the robot sees now.
        committed: the actions from now on that are carried out whatever the answer is, since it
            will take as long, shape (n, action dim). A policy that can continues them; the runner
            takes their places in the answer for nothing.
        previous: the action that was carried out last, shape (action dim,); None at first.
    """

    observation: Observation
    committed: NDArray[np.float32]
    previous: Action | None = None


@dataclass(frozen=True)
class Outlook:
    """How far a policy takes itself to be.

    Args:
        progress: of what it was told, in [0, 1].
        subgoal: index of the step towards it that is being worked on, >= 0.
    """

    progress: float
    subgoal: int


class ChunkPolicy(Protocol):
    """A checkpoint, a server, or anything else that answers with the actions of the next steps."""

    @property
    def description(self) -> Description:
        """What it sees and does."""
        ...

    def reset(self, instruction: str) -> None:
        """Forget the past: an episode begins, or the robot is told something else.

        Raises:
            PolicyError: if it cannot.
        """
        ...

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return an action chunk, normalized, shape (horizon, action dim); the first is for now.

        Raises:
            PolicyError: if it cannot.
        """
        ...


@runtime_checkable
class PlanningPolicy(ChunkPolicy, Protocol):
    """A policy that also tells how far it is."""

    @property
    def outlook(self) -> Outlook | None:
        """What it made of the latest question; None if it told nothing."""
        ...


def outlook_of(policy: ChunkPolicy) -> Outlook | None:
    """Return what a policy made of the latest question; None for one that tells no such thing."""
    return policy.outlook if isinstance(policy, PlanningPolicy) else None


@runtime_checkable
class SharedPolicy(ChunkPolicy, Protocol):
    """A policy that is asked by several in turns, each of which it remembers something else of."""

    def session(self) -> ChunkPolicy:
        """Return one that has learned the same, but remembers for itself, and nothing yet.

        What was learned is shared, so it costs little. Only one of them may be asked at a time.

        Raises:
            PolicyError: if it cannot.
        """
        ...
