"""Work carried out by the nodes of a Ray cluster, piece by piece.

A node that goes away takes with it only what it had not delivered; that is done again elsewhere.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar, cast

import ray
from ray.actor import ActorHandle
from ray.exceptions import RayError

from vla_humanoid.data_collection.cluster.connection import connected
from vla_humanoid.data_collection.cluster.member import Joined
from vla_humanoid.data_collection.errors import ConfigurationError, GenerationError
from vla_humanoid.data_collection.run_config import RunDescription, first_difference
from vla_humanoid.data_collection.stall import Losses, StallLimit
from vla_humanoid.data_collection.worker import Crashed, Failed

Product = TypeVar("Product")
Result = TypeVar("Result")

LIMIT = StallLimit(least=300.0, factor=10.0, start=1800.0)
"""A node gives a sign of life with every attempt, not with every step."""
_POLL = 1.0
"""Time between two looks at who has stalled [s]."""

_Stage: TypeAlias = Literal["placing", "joining", "idle", "working"]


class Laborer(Protocol):
    """Works on some node; errors are returned, so that what is raised is the cluster's."""

    def place(self) -> str:
        """Return the name of the node: there is one that has room."""
        ...

    def join(self) -> Joined | Failed | Crashed:
        """Get ready, and say with what."""
        ...

    def attempt(self, number: int) -> object:
        """Carry work out, and return its product, or `Failed` or `Crashed`."""
        ...


@dataclass(frozen=True)
class Work(Generic[Product, Result]):
    """What is to be carried out on the nodes, in pieces with numbers.

    Args:
        laborer: does it there; made from the order.
        order: sent to every node once.
        keep: takes a product in here, and returns what `ActorPool.wait` does.
        name: tells the user which piece has a number.
        log: file for the traceback of an error that nobody foresaw.
        limit: when a worker counts as stalled.
    """

    laborer: type[Laborer]
    order: object
    keep: Callable[[Product], Result]
    name: Callable[[int], str]
    log: Path
    limit: StallLimit = LIMIT


@dataclass(eq=False)
class _Worker:
    """A member on some node.

    Args:
        actor: its handle.
        answer: that is awaited from it, or None while it is idle.
        since: when that was asked for.
        stage: what it is doing.
        node: name of its machine, once it has one.
        attempt: what it is working at, or None.
    """

    actor: ActorHandle
    answer: ray.ObjectRef | None
    since: float
    stage: _Stage = "placing"
    node: str = "no node"
    attempt: int | None = None


class ActorPool(Generic[Product, Result]):
    """A context that has numbered pieces of work carried out on a cluster.

    Args:
        work: what to do.
        count: number of workers, each on one CPU; those for which there is none wait for one.
        address: of the cluster, or "auto".
    """

    def __init__(self, work: Work[Product, Result], count: int, address: str) -> None:
        self._work, self._count, self._address = work, count, address
        self._limit = work.limit
        self._losses = Losses(self._limit.losses)
        self._workers: list[_Worker] = []
        self._longest: float | None = None
        self._began = self._looked = time.monotonic()
        self._stack = ExitStack()
        self.description: RunDescription | None = None
        """What the work is carried out with; known as soon as one worker is ready."""

    def __enter__(self) -> "ActorPool[Product, Result]":
        self._stack.enter_context(connected(self._address))
        actors = ray.remote(num_cpus=1, max_restarts=0, scheduling_strategy="SPREAD")
        self._members = actors(self._work.laborer)
        self._order_there = ray.put(self._work.order)
        for _ in range(self._count):
            self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._stack:
            for worker in self._workers:
                ray.kill(worker.actor)

    @property
    def replaced(self) -> int:
        """Number of workers that died or stalled, and were replaced."""
        return self._losses.total

    @property
    def in_flight(self) -> frozenset[int]:
        """Attempts that are being carried out."""
        return frozenset(w.attempt for w in self._workers if w.attempt is not None)

    @property
    def has_idle(self) -> bool:
        """Whether a worker waits for work."""
        return any(worker.stage == "idle" for worker in self._workers)

    def assign(self, attempt: int) -> None:
        """Give an attempt to a worker that waits for work."""
        worker = next(w for w in self._workers if w.stage == "idle")
        worker.attempt = attempt
        self._ask(worker, "working", worker.actor.attempt.remote(attempt))

    def wait(self) -> list[Result]:
        """Wait until something happens, and return the work that has been done, maybe none.

        What a worker did that died or stalled is not in flight any more: assign it again.

        Raises:
            ConfigurationError: if the environment does not start.
            GenerationError: if the cluster is lost, its nodes differ, a worker cannot go on, or one
                attempt has cost too many workers.
        """
        awaited = {worker.answer: worker for worker in self._workers if worker.answer is not None}
        try:
            if ray.wait(list(awaited), num_returns=1, timeout=_POLL)[0]:
                done, _ = ray.wait(list(awaited), num_returns=len(awaited), timeout=0)
            else:
                done = []
        except RayError as error:
            raise GenerationError(f"The Ray cluster does not answer: {error}") from error
        results = [self._receive(awaited[answer], answer) for answer in done]
        if time.monotonic() - self._looked >= _POLL:
            self._look_for_stalled()
        return [result for result in results if result is not None]

    def _start(self) -> None:
        actor = self._members.remote(self._order_there)
        self._workers.append(_Worker(actor, actor.place.remote(), time.monotonic()))

    def _ask(self, worker: _Worker, stage: _Stage, answer: ray.ObjectRef | None) -> None:
        worker.stage, worker.answer, worker.since = stage, answer, time.monotonic()

    def _receive(self, worker: _Worker, answer: ray.ObjectRef) -> Result | None:
        try:
            message = cast(str | Joined | Failed | Crashed | Product, ray.get(answer))
        except RayError as error:
            self._replace(worker, f"was lost ({type(error).__name__})")
            return None
        match message:
            case str():
                worker.node = message
                self._ask(worker, "joining", worker.actor.join.remote())
            case Joined(description):
                self._check_alike(worker, description)
                self._losses.forget(None)
                self._ask(worker, "idle", None)
            case Failed(reason):
                raise ConfigurationError(reason)
            case Crashed(reason, trace):
                self._work.log.write_text(trace)
                raise GenerationError(
                    f"A worker failed {self._when(worker)}: {reason}. The traceback is in "
                    f"{self._work.log}."
                )
            case _:
                self._longest = max(self._longest or 0.0, time.monotonic() - worker.since)
                self._losses.forget(worker.attempt)
                worker.attempt = None
                self._ask(worker, "idle", None)
                return self._work.keep(message)
        return None

    def _check_alike(self, worker: _Worker, description: RunDescription) -> None:
        if self.description is None:
            self.description = description
        difference = first_difference(asdict(self.description), asdict(description))
        if difference is not None:
            key, first, other = difference
            raise GenerationError(
                f"{worker.node} works with {key} = {other}, but the run with {first}; install the "
                "same on every node, else episodes are not repeatable."
            )

    def _look_for_stalled(self) -> None:
        now = self._looked = time.monotonic()
        for worker in tuple(self._workers):
            silent = now - worker.since
            if (worker.stage == "joining" and silent > self._limit.start) or (
                worker.stage == "working" and silent > self._limit.seconds(self._longest)
            ):
                self._replace(worker, f"stalled for {silent:.0f} s")
        if self.description is None and now - self._began > self._limit.start:
            cpus = ray.cluster_resources().get("CPU", 0)
            raise GenerationError(
                f"No worker got ready for {now - self._began:.0f} s; the cluster has {cpus:g} "
                "CPUs, maybe all busy. See `ray status`."
            )

    def _replace(self, worker: _Worker, what: str) -> None:
        """Start another worker instead of one that died or stalled.

        Raises:
            GenerationError: if its attempt, or starting, has cost too many workers in a row.
        """
        ray.kill(worker.actor)
        self._workers.remove(worker)
        self._losses.add(worker.attempt, f"{what} {self._when(worker)}")
        self._start()

    def _when(self, worker: _Worker) -> str:
        if worker.attempt is None:
            return f"on {worker.node} while it started"
        return f"on {worker.node} during {self._work.name(worker.attempt)}"
