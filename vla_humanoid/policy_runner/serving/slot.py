"""The place of the policy that is served: it may be exchanged, and restarted when it hangs."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import DescriptionError, require_same
from vla_humanoid.policy_runner.policy import (
    ChunkPolicy,
    Outlook,
    Query,
    SharedPolicy,
    outlook_of,
)
from vla_humanoid.policy_runner.serving.conversation import Conversation
from vla_humanoid.policy_runner.serving.inference_thread import InferenceThread
from vla_humanoid.policy_runner.serving.packet import PacketError
from vla_humanoid.policy_runner.serving.trial import checked_chunk, try_policy

MakePolicy: TypeAlias = Callable[[], ChunkPolicy]
"""Makes the policy anew, such as from its checkpoint."""

T = TypeVar("T")


class SwapError(RuntimeError):
    """A policy cannot take the place of another; that one goes on. The message says why."""


@dataclass(frozen=True)
class SlotConfig:
    """How long is waited.

    Args:
        patience: for an answer before the policy counts as hanging [s].
        make_patience: for a policy to be made and tried [s].
        retry: between attempts to restart it [s].
        most_hanging: threads that hang at once, before it is no longer restarted: they cannot be
            ended and keep their memory.
    """

    patience: float = 10.0
    make_patience: float = 300.0
    retry: float = 2.0
    most_hanging: int = 8


@dataclass(frozen=True)
class Inferred:
    """What a policy answered.

    Args:
        actions: normalized, shape (horizon, action dim).
        seconds: how long it took.
        outlook: how far it takes itself to be; None if it does not tell.
    """

    actions: NDArray[np.float32]
    seconds: float
    outlook: Outlook | None = None


class PolicySlot:
    """Holds the policy, and asks it in a thread of its own, one packet at a time.

    Args:
        make_policy: makes it; it is made and tried at once.
        config: how long is waited.

    Raises:
        PolicyError: if it cannot be made or does not answer.
    """

    def __init__(self, make_policy: MakePolicy, config: SlotConfig | None = None) -> None:
        self._config = config or SlotConfig()
        self._make = make_policy
        self._policy = try_policy(make_policy())
        self._before: tuple[MakePolicy, ChunkPolicy] | None = None
        self.description = self._policy.description
        """What it sees and does; the same for all that take its place."""
        self.generation = 1
        """Number of policies that have had the place."""
        self.restarts = 0
        """How often the policy hung and was restarted."""
        # Weak: a client that leaves takes what was remembered of it along.
        self._sessions: WeakKeyDictionary[Conversation, ChunkPolicy] = WeakKeyDictionary()
        self._thread = InferenceThread("policy")
        self._hanging: list[InferenceThread] = []
        self._restart: asyncio.Task[None] | None = None

    @property
    def healthy(self) -> bool:
        """Whether the policy can be asked."""
        return self._restart is None

    @property
    def hanging(self) -> int:
        """Number of threads that hang."""
        return sum(thread.is_alive for thread in self._hanging)

    @property
    def memories(self) -> int:
        """Number of conversations that the policy remembers anything of."""
        return len(self._sessions)

    async def infer(self, query: Query, conversation: Conversation) -> Inferred:
        """Ask the policy; one question at a time.

        Args:
            query: what it is asked.
            conversation: what it is asked in. A policy that is shared has a memory for each; any
                other one forgets the past whenever this changes, so that nothing passes from one
                client to another.

        Raises:
            PacketError: if it fails, hangs, or is being restarted.
        """
        if not self.healthy:
            raise PacketError("unavailable", "the policy hung and is being restarted; ask again.")
        policy, generation = self._policy, self.generation
        session = self._sessions.pop(conversation, None)
        if not isinstance(policy, SharedPolicy):
            self._sessions.clear()  # It has a single memory.
        call = self._thread.submit(partial(_ask, policy, session, query, conversation.first))
        if not await _done(call, self._config.patience):
            self._leave_behind()
            raise PacketError("hanging", f"no answer within {self._config.patience:g} s.")
        if (error := call.exception()) is not None:
            raise PacketError("policy", f"{type(error).__name__}: {error}") from error
        session, inferred = call.result()
        if conversation.first is None:
            conversation.first = query
        if generation == self.generation:  # No other policy has taken the place meanwhile.
            self._sessions[conversation] = session
        return inferred

    async def swap(self, make_policy: MakePolicy) -> None:
        """Put another policy in the place, between two packets, once it is made and answers.

        Raises:
            SwapError: if it is not made in time, fails, or sees or does something else; the
                policy that is there stays.
        """
        policy = await self._made(make_policy)
        self._before = self._make, self._policy
        self._put(make_policy, policy)

    def roll_back(self) -> None:
        """Put the policy back that was there before the latest swap.

        Raises:
            SwapError: if there was none.
        """
        if self._before is None:
            raise SwapError("There was no policy before this one.")
        before, self._before = self._before, None
        self._put(*before)

    async def close(self) -> None:
        """End the thread, and the attempt to restart the policy."""
        self._thread.end()
        if self._restart is not None:
            self._restart.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._restart

    def _put(self, make_policy: MakePolicy, policy: ChunkPolicy) -> None:
        self._make, self._policy = make_policy, policy
        self._sessions.clear()
        self.generation += 1

    async def _made(self, make_policy: MakePolicy) -> ChunkPolicy:
        side = InferenceThread("policy-to-be")
        call = side.submit(lambda: try_policy(make_policy()))
        side.end()
        if not await _done(call, self._config.make_patience):
            self._hanging.append(side)
            raise SwapError(f"The policy was not there in {self._config.make_patience:g} s.")
        if (error := call.exception()) is not None:
            raise SwapError(f"The policy fails: {type(error).__name__}: {error}") from error
        policy = call.result()
        try:
            require_same(policy.description, self.description, "The policy that is served")
            require_same(self.description, policy.description, "The new policy")
        except DescriptionError as error:
            raise SwapError(str(error)) from error
        return policy

    def _leave_behind(self) -> None:
        """Leave the thread to itself, since it cannot be ended, and begin with another."""
        self._thread.end()
        self._hanging = [thread for thread in self._hanging if thread.is_alive]
        self._hanging.append(self._thread)
        self._sessions.clear()
        self._restart = asyncio.create_task(self._restarted())

    async def _restarted(self) -> None:
        while True:
            if self.hanging <= self._config.most_hanging:
                with contextlib.suppress(SwapError):  # Health tells; the next attempt may succeed.
                    make = self._make
                    policy = await self._made(make)
                    if make is self._make:  # No other has taken the place meanwhile.
                        self._policy = policy
                    break
            await asyncio.sleep(self._config.retry)
        self._thread = InferenceThread("policy")
        self.restarts += 1
        self._restart = None


def _ask(
    policy: ChunkPolicy, session: ChunkPolicy | None, query: Query, first: Query | None
) -> tuple[ChunkPolicy, Inferred]:
    """Return who answers, now and in the conversation's next packets, and what."""
    begin = time.perf_counter()
    if session is None:
        session = _begun(policy, str(query.observation["instruction"]), first)
    actions = checked_chunk(session.act(query), policy.description)
    return session, Inferred(actions, time.perf_counter() - begin, outlook_of(session))


def _begun(policy: ChunkPolicy, instruction: str, first: Query | None) -> ChunkPolicy:
    """Return who answers in a conversation that this policy remembers nothing of.

    Args:
        policy: has the place.
        instruction: what the robot is told.
        first: what another policy was asked when it was told so; None if that is now.
    """
    if not isinstance(policy, SharedPolicy):
        policy.reset(instruction)
        return policy
    session = policy.session()
    session.reset(instruction)
    if first is not None:
        session.act(first)
    return session


async def _done(call: Future[T], seconds: float) -> bool:
    """Wait for a call, but not for ever; return whether it is done."""
    future = asyncio.wrap_future(call)
    done, _ = await asyncio.wait({future}, timeout=seconds)
    if not done:
        future.cancel()
        return False
    future.exception()  # Looked at, so that asyncio does not complain of its being ignored.
    return True
