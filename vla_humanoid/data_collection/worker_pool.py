"""The worker processes of a generation run, as their parent sees them."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import cast

from vla_humanoid.data_collection.attempts import AttemptResult, attempt_seed
from vla_humanoid.data_collection.errors import ConfigurationError, GenerationError
from vla_humanoid.data_collection.run_config import RunDescription
from vla_humanoid.data_collection.stall import Losses, StallLimit
from vla_humanoid.data_collection.worker import (
    Alive,
    Crashed,
    Failed,
    Job,
    Message,
    Ready,
    run_worker,
)

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
"""Libraries must not start threads of their own in every worker; read when they are loaded."""


@dataclass(eq=False)
class _Worker:
    process: SpawnProcess
    connection: Connection
    ready: bool = False
    attempt: int | None = None
    silent: float = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether signs of life are due."""
        return not self.ready or self.attempt is not None


class WorkerPool:
    """A context that runs attempts in worker processes, and replaces those that die or stall.

    Args:
        job: what each worker is given.
        count: number of workers, >= 1.
    """

    def __init__(self, job: Job, count: int) -> None:
        self._job = job
        self._limit = job.limit or StallLimit()
        self._count = count
        self._workers: list[_Worker] = []
        self._longest: float | None = None
        self._losses = Losses(self._limit.losses)
        self._looked = time.monotonic()
        self.description: RunDescription | None = None
        """What the run is carried out with; known as soon as one worker is ready."""

    def __enter__(self) -> "WorkerPool":
        for _ in range(self._count):
            self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            if worker.attempt is None and worker.ready:
                with suppress(ConnectionError):  # It may have died meanwhile.
                    worker.connection.send(None)
            else:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(timeout=10)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.connection.close()

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
        return any(worker.ready and worker.attempt is None for worker in self._workers)

    def assign(self, attempt: int) -> None:
        """Give an attempt to a worker that waits for work."""
        worker = next(w for w in self._workers if w.ready and w.attempt is None)
        worker.attempt, worker.silent = attempt, 0.0
        with suppress(ConnectionError):  # If it has just died, the attempt is made again.
            worker.connection.send(attempt)

    def wait(self) -> list[AttemptResult]:
        """Wait until something happens, and return the attempts that have finished, maybe none.

        An attempt whose worker died or stalled is not in flight any more: assign it again.

        Raises:
            ConfigurationError: if the environment does not start.
            GenerationError: if a worker cannot go on, or one attempt has cost too many workers.
        """
        patience = self._limit.least / 10
        heard = wait([worker.connection for worker in self._workers], timeout=patience)
        now = time.monotonic()
        # While this process itself was stopped, nobody was listening.
        elapsed = min(now - self._looked, 2 * patience)
        self._looked = now
        results: list[AttemptResult] = []
        for worker in tuple(self._workers):
            if worker.connection in heard:
                worker.silent = 0.0
                if (result := self._receive(worker)) is not None:
                    results.append(result)
            elif worker.is_busy:
                worker.silent += elapsed
                if worker.silent > self._patience_with(worker):
                    self._replace(worker, f"stalled for {worker.silent:.0f} s")
        return results

    def _start(self) -> None:
        context = get_context("spawn")  # GL contexts and locks do not survive a fork.
        with _single_threaded():
            ours, theirs = cast(tuple[Connection, Connection], context.Pipe())
            process = context.Process(target=run_worker, args=(self._job, theirs), daemon=True)
            process.start()
            theirs.close()  # Else the end of the worker would not show as an end of file.
            self._workers.append(_Worker(process, ours))

    def _patience_with(self, worker: _Worker) -> float:
        return self._limit.seconds(self._longest) if worker.ready else self._limit.start

    def _replace(self, worker: _Worker, what: str) -> None:
        """Start another worker instead of one that died or stalled.

        Raises:
            GenerationError: if its attempt, or starting, has cost too many workers in a row.
        """
        worker.process.kill()
        # One that is stuck in a driver stays; what it may yet write is what the next one writes.
        worker.process.join(timeout=10)
        worker.connection.close()
        self._workers.remove(worker)
        self._losses.add(worker.attempt, f"{what} {self._when(worker)}")
        self._start()

    def _receive(self, worker: _Worker) -> AttemptResult | None:
        try:
            message: Message = worker.connection.recv()
        except (EOFError, ConnectionError):
            self._replace(worker, _epitaph(worker))
            return None
        match message:
            case Ready(description):
                worker.ready = True
                self.description = self.description or description
                self._losses.forget(None)
                return None
            case Alive(longest):
                self._longest = max(longest, self._longest or 0.0)
                return None
            case Failed(reason):
                if not worker.ready:
                    raise ConfigurationError(reason)
                worker.ready = False
                raise GenerationError(reason)
            case Crashed(reason, trace):
                worker.ready = False
                log = self._job.output.with_name(f"{self._job.output.name}.log")
                log.write_text(trace)
                raise GenerationError(
                    f"A worker failed {self._when(worker)}: {reason}. The traceback is in {log}."
                )
            case AttemptResult():
                self._losses.forget(message.attempt)
                worker.attempt = None
                return message

    def _when(self, worker: _Worker) -> str:
        if worker.attempt is None:
            return "while it started"
        seed = attempt_seed(self._job.config.seed, worker.attempt)
        return f"during attempt {worker.attempt} (episode seed {seed})"


def _epitaph(worker: _Worker) -> str:
    worker.process.join(timeout=10)
    code = worker.process.exitcode
    if code is not None and code < 0:
        return f"was killed by signal {-code}{' (is there enough memory?)' if code == -9 else ''}"
    return "died"


@contextmanager
def _single_threaded() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ |= dict.fromkeys(THREAD_VARIABLES, "1")
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
