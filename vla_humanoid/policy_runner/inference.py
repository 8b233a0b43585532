"""When a policy's answers arrive: at once, some steps later, or when they are done."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.policy_runner.policy import (
    ChunkPolicy,
    Outlook,
    PolicyError,
    Query,
    outlook_of,
)


@dataclass(frozen=True)
class Answer:
    """What came of a question.

    Args:
        asked_at: step at which it was asked.
        actions: shape (horizon, action dim), or None if the policy could not answer.
        reason: why not.
        seconds: how long the policy took.
        outlook: how far the policy takes itself to be; None if it does not tell.
    """

    asked_at: int
    actions: NDArray[np.float32] | None
    reason: str
    seconds: float
    outlook: Outlook | None = None


class Inference(ABC):
    """Puts questions to a policy, one at a time.

    Args:
        policy: answers.
        clock: seconds that only grow.
    """

    def __init__(self, policy: ChunkPolicy, clock: Callable[[], float] = time.perf_counter) -> None:
        self.policy = policy
        self._clock = clock

    @property
    @abstractmethod
    def delay(self) -> int:
        """How many steps an answer is expected to take."""

    @property
    @abstractmethod
    def waits_since(self) -> int | None:
        """The step at which the question was asked that is open; None if none is."""

    @abstractmethod
    def ask(self, query: Query, step: int) -> None:
        """Put a question, when none is open."""

    @abstractmethod
    def collect(self, step: int) -> Answer | None:
        """Return the answer that has arrived by a step, once; None if none has."""

    @abstractmethod
    def forget(self) -> None:
        """Give up the question that is open."""

    def _answer(self, query: Query, step: int) -> Answer:
        start = self._clock()
        try:
            actions = self.policy.act(query)
        except PolicyError as error:
            return Answer(step, None, str(error), self._clock() - start)
        return Answer(step, actions, "", self._clock() - start, outlook_of(self.policy))


class InStep(Inference):
    """Simulation time stands still while the policy thinks, plus a delay that is the same anywhere.

    Args:
        policy: answers.
        delay: steps from question to answer; 0: it is there at once.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        policy: ChunkPolicy,
        delay: int = 0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(policy, clock)
        self._delay = delay
        self._open: Answer | None = None

    @property
    def delay(self) -> int:
        """How many steps an answer takes."""
        return self._delay

    @property
    def waits_since(self) -> int | None:
        """The step at which the question was asked that is open; None if none is."""
        return None if self._open is None else self._open.asked_at

    def ask(self, query: Query, step: int) -> None:
        """Put a question, when none is open."""
        self._open = self._answer(query, step)

    def collect(self, step: int) -> Answer | None:
        """Return the answer once its time has come."""
        answer = self._open
        if answer is None or step < answer.asked_at + self._delay:
            return None
        self._open = None
        return answer

    def forget(self) -> None:
        """Give up the question that is open."""
        self._open = None


class Live(Inference):
    """The policy thinks in a thread of its own while the world goes on.

    It is asked one thing at a time: a question that is given up is thought through before the next.

    Args:
        policy: answers.
        rate: steps per second of the wall clock.
        clock: seconds that only grow.
    """

    def __init__(
        self, policy: ChunkPolicy, rate: float, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(policy, clock)
        self._rate = rate
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="policy")
        self._open: tuple[int, Future[Answer]] | None = None
        self._latest: Future[Answer] | None = None
        self._typical = 0.0

    @property
    def delay(self) -> int:
        """How many steps the latest answers took, rounded up."""
        return int(np.ceil(self._typical * self._rate))

    @property
    def waits_since(self) -> int | None:
        """The step at which the question was asked that is open; None if none is."""
        return None if self._open is None else self._open[0]

    def ask(self, query: Query, step: int) -> None:
        """Put a question, when none is open."""
        self._latest = self._pool.submit(self._answer, query, step)
        self._open = step, self._latest

    def collect(self, step: int) -> Answer | None:
        """Return the answer if it is there.

        Raises:
            Exception: what the policy raised that is no `PolicyError`.
        """
        if self._open is None or not self._open[1].done():
            return None
        answer = self._open[1].result()
        self._open = None
        # The slower of the latest one and a fading memory: being late costs more than being early.
        self._typical = max(answer.seconds, 0.9 * self._typical + 0.1 * answer.seconds)
        return answer

    def forget(self) -> None:
        """Give up the question that is open; one that is being thought about stays so."""
        if self._open is not None:
            self._open[1].cancel()
        self._open = None

    def settle(self, patience: float) -> None:
        """Wait until the policy thinks about nothing any more, such as an episode that is over.

        Args:
            patience: how long at most [s].
        """
        if self._latest is not None:
            wait([self._latest], patience)

    def close(self) -> None:
        """End the thread, without waiting for a policy that hangs."""
        self._pool.shutdown(wait=False, cancel_futures=True)
