"""How chunks become actions: when the policy is asked again, and how chunks that overlap join.

Steps are counted from the beginning of the episode. A chunk that was asked for at step s holds the
actions of the steps s, s + 1, ...; those that have gone by when it arrives are never carried out.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Actions = NDArray[np.float32]


@dataclass(frozen=True)
class Chunk:
    """The actions of consecutive steps.

    Args:
        start: step of the first.
        actions: shape (horizon, action dim).
    """

    start: int
    actions: Actions

    @property
    def end(self) -> int:
        """The first step that it has no action for."""
        return self.start + len(self.actions)

    def at(self, step: int) -> Actions | None:
        """Return the action of a step, or None where it has none."""
        return self.actions[step - self.start] if self.start <= step < self.end else None

    def between(self, first: int, end: int) -> Actions:
        """Return the actions that it has from one step up to another, shape (n, action dim)."""
        return self.actions[max(first - self.start, 0) : max(end - self.start, 0)]


class Execution(ABC):
    """Carries out chunks; one episode at a time."""

    def __init__(self) -> None:
        self.plan: Chunk | None = None
        """What is going to be done, as far as that is known."""

    def reset(self) -> None:
        """Forget all chunks."""
        self.plan = None

    @abstractmethod
    def asks(self, step: int) -> bool:
        """Tell whether the policy is to be asked at a step, if it is not busy."""

    def accept(self, chunk: Chunk, now: int) -> None:
        """Take a chunk that has arrived.

        Args:
            chunk: from the step on at which it was asked for.
            now: the step that is about to be taken.
        """
        self.plan = chunk

    def at(self, step: int) -> Actions | None:
        """Return the action of a step, shape (action dim,), or None if no chunk has one."""
        return None if self.plan is None else self.plan.at(step)


class OpenLoop(Execution):
    """Carries out every chunk to its end before it asks again."""

    def asks(self, step: int) -> bool:
        """Tell whether the chunk is used up."""
        return self.at(step) is None


class RecedingHorizon(Execution):
    """Asks again after some steps and goes on with the latest chunk.

    Args:
        every: steps from question to question; 0 for half as many as a chunk has.
    """

    def __init__(self, every: int = 0) -> None:
        super().__init__()
        self._every = every

    def asks(self, step: int) -> bool:
        """Tell whether the chunk at hand is old enough, or used up."""
        if self.plan is None:
            return True
        every = self._every or -(-len(self.plan.actions) // 2)
        return step >= min(self.plan.start + every, self.plan.end)


class TemporalEnsemble(Execution):
    """Asks at every step, and averages what all chunks say about the present one (Zhao, 2023).

    Args:
        decay: m in the weights exp(-m i), i = 0 for the oldest chunk: the smaller, the sooner new
            chunks count.
    """

    def __init__(self, decay: float = 0.01) -> None:
        super().__init__()
        self._decay = decay
        self._chunks: list[Chunk] = []

    def reset(self) -> None:
        """Forget all chunks."""
        super().reset()
        self._chunks.clear()

    def asks(self, step: int) -> bool:
        """Always."""
        return True

    def accept(self, chunk: Chunk, now: int) -> None:
        """Take a chunk beside those that still have something to say."""
        super().accept(chunk, now)
        self._chunks = [one for one in (*self._chunks, chunk) if one.end > now]

    def at(self, step: int) -> Actions | None:
        """Return the weighted mean of the chunks' actions for a step."""
        actions = [one for chunk in self._chunks if (one := chunk.at(step)) is not None]
        if not actions:
            return None
        weights = np.exp(-self._decay * np.arange(len(actions)))
        mean = np.average(np.stack(actions), axis=0, weights=weights)
        return mean.astype(np.float32)


class RealTimeChunking(RecedingHorizon):
    """Thinks while it acts, and joins chunks without a jump (Black, 2025).

    What is carried out while the policy thinks is frozen. Beyond, where the old chunk and the new
    one overlap, weights pass from the one to the other: equation 5 of the paper, applied to the
    chunks themselves, so that it suits policies that cannot be guided; one that can is told what is
    frozen (`Query.committed`) and continues it.

    Args:
        every: steps from question to question; 0 for half as many as a chunk has.
    """

    def accept(self, chunk: Chunk, now: int) -> None:
        """Take a chunk, in which what is done already, and what follows it, leads over to it."""
        old = self.plan
        if old is None or old.end <= now or old.start > chunk.start:
            self.plan = chunk
            return
        until = min(old.end, chunk.end)
        joined = chunk.actions.copy()
        joined[: until - chunk.start] = _joined(
            old.between(chunk.start, until), chunk.between(chunk.start, until), now - chunk.start
        )
        self.plan = Chunk(chunk.start, joined)


def _joined(old: Actions, new: Actions, frozen: int) -> Actions:
    """Lead over from one run of actions to another, shape (n, action dim).

    Args:
        old: what was going to be done.
        new: what is to be done instead.
        frozen: how many stay as they were.
    """
    count = len(old)
    left = np.clip((count - np.arange(count)) / (count - frozen + 1), 0.0, 1.0)
    weights = left * np.expm1(left) / np.expm1(1.0)
    weights[:frozen] = 1.0
    return (weights[:, None] * old + (1.0 - weights[:, None]) * new).astype(np.float32)
