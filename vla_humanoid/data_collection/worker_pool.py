"""The worker processes of a generation run, as their parent sees them."""

import os
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
from vla_humanoid.data_collection.worker import Crashed, Failed, Job, Message, Ready, run_worker

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
"""Libraries must not start threads of their own in every worker; read when they are loaded."""


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    ready: bool = False
    attempt: int | None = None


class WorkerPool:
    """A context that runs attempts in worker processes.

    Args:
        job: what each worker is given.
        count: number of workers, >= 1.
    """

    def __init__(self, job: Job, count: int) -> None:
        self._job = job
        self._count = count
        self._workers: list[_Worker] = []
        self.description: RunDescription | None = None
        """What the run is carried out with; known as soon as one worker is ready."""

    def __enter__(self) -> "WorkerPool":
        context = get_context("spawn")  # GL contexts and locks do not survive a fork.
        with _single_threaded():
            for _ in range(self._count):
                ours, theirs = cast(tuple[Connection, Connection], context.Pipe())
                process = context.Process(target=run_worker, args=(self._job, theirs), daemon=True)
                process.start()
                theirs.close()  # Else the end of the worker would not show as an end of file.
                self._workers.append(_Worker(process, ours))
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
        worker.attempt = attempt
        worker.connection.send(attempt)

    def wait(self) -> list[AttemptResult]:
        """Wait until something happens, and return the attempts that have finished, maybe none.

        Raises:
            ConfigurationError: if the environment does not start.
            GenerationError: if a worker cannot go on or has died.
        """
        waitables = [worker.connection for worker in self._workers]
        ended = wait(waitables)
        results = [self._receive(worker) for worker in self._workers if worker.connection in ended]
        return [result for result in results if result is not None]

    def _receive(self, worker: _Worker) -> AttemptResult | None:
        try:
            message: Message = worker.connection.recv()
        except (EOFError, ConnectionError) as error:
            raise GenerationError(self._epitaph(worker)) from error
        match message:
            case Ready(description):
                worker.ready = True
                self.description = self.description or description
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
                worker.attempt = None
                return message

    def _when(self, worker: _Worker) -> str:
        if worker.attempt is None:
            return "while it started"
        seed = attempt_seed(self._job.config.seed, worker.attempt)
        return f"during attempt {worker.attempt} (episode seed {seed})"

    def _epitaph(self, worker: _Worker) -> str:
        worker.process.join(timeout=10)
        code = worker.process.exitcode
        cause = f"was killed by signal {-code}" if code is not None and code < 0 else "died"
        when = self._when(worker)
        return f"A worker {cause} {when}{'; is there enough memory?' if code == -9 else '.'}"


@contextmanager
def _single_threaded() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ |= dict.fromkeys(_THREAD_VARIABLES, "1")
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
