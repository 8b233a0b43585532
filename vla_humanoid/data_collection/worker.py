"""A worker process: carries out attempts, one after another, and keeps each in the parts folder."""

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from vla_humanoid.data_collection.attempts import AttemptResult, PartsFolder, attempt_seed
from vla_humanoid.data_collection.environment import Action, DemonstrationEnv, DemonstrationWorld
from vla_humanoid.data_collection.recorder import EpisodeRecord, Recorder
from vla_humanoid.data_collection.rollout import Moment, Outcome, Policy, Subscriber, rollout
from vla_humanoid.data_collection.run_config import (
    GenerationConfig,
    RunDescription,
    describe_run,
)
from vla_humanoid.data_collection.stall import StallLimit
from vla_humanoid.tasks.core.placement import PlacementError

Make: TypeAlias = Callable[[GenerationConfig], tuple[DemonstrationEnv, Policy]]
"""Makes an environment and the policy that acts in it; picklable, so a function of a module."""


@dataclass(frozen=True)
class Job:
    """What every worker of a run is given.

    Args:
        config: of the run.
        output: the dataset file that the run will end in.
        make: makes the environment and the policy.
        limit: when a worker counts as stalled; None for what suits the kind of worker.
    """

    config: GenerationConfig
    output: Path
    make: Make
    limit: StallLimit | None = None


@dataclass(frozen=True)
class Ready:
    """A worker has its environment and waits for work."""

    description: RunDescription


@dataclass(frozen=True)
class Failed:
    """A worker cannot go on, for a reason that its user can do something about."""

    reason: str


@dataclass(frozen=True)
class Crashed:
    """A worker met an error that nobody foresaw.

    Args:
        reason: type and text of the error.
        trace: where it happened, as Python prints it.
    """

    reason: str
    trace: str


@dataclass(frozen=True)
class Alive:
    """A worker is getting on with its attempt.

    Args:
        longest: time between two steps since the last message [s].
    """

    longest: float


Message: TypeAlias = Ready | Alive | AttemptResult | Failed | Crashed


class Pulse:
    """Tells the parent of a worker, now and then, that it lives, and how long its steps take.

    Args:
        connection: to the parent.
        interval: between two messages, at least [s].
    """

    def __init__(self, connection: Connection, interval: float) -> None:
        self._connection = connection
        self._interval = interval
        self._last = self._told = time.monotonic()
        self._longest = 0.0

    def begin(self) -> None:
        """Start the clock: an attempt begins."""
        self._last = self._told = time.monotonic()
        self._longest = 0.0

    def on_reset(self, world: DemonstrationWorld) -> None:
        """Tell it: the parent has a measure of this worker from now on."""
        self._beat()
        self._tell()

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        """Tell it if it is time."""
        self._beat()
        if self._last - self._told >= self._interval:
            self._tell()

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        """Do nothing: the result tells it."""

    def _beat(self) -> None:
        now = time.monotonic()
        self._longest = max(self._longest, now - self._last)
        self._last = now

    def _tell(self) -> None:
        self._connection.send(Alive(self._longest))
        self._told, self._longest = self._last, 0.0


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, whatever it is busy with."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # What is half written goes when the run is resumed.


def run_worker(job: Job, connection: Connection) -> None:
    """Receive numbers of attempts until None, and answer each with its result."""
    # An interrupt from the keyboard reaches every process; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Which may be to end this process at once: what is under way then clears up after itself.
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        _work(job, connection)
    except Exception as error:  # The end of the process: an error goes to the parent or is lost.
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        with suppress(ConnectionError):
            connection.send(Crashed(reason, traceback.format_exc()))


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(1)


def _work(job: Job, connection: Connection) -> None:
    try:
        env, policy = job.make(job.config)
        # The first reset is where a missing graphics library shows.
        with suppress(PlacementError):
            env.reset(seed=attempt_seed(job.config.seed, 0))
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        connection.send(Failed(f"The environment does not start: {error}"))
        return
    connection.send(Ready(describe_run(env.unwrapped, job.config.engine)))
    parts = PartsFolder(job.output)
    pulse = Pulse(connection, interval=(job.limit or StallLimit()).least / 10)
    try:
        while (attempt := connection.recv()) is not None:
            pulse.begin()
            connection.send(_attempt(env, policy, job.config, parts, attempt, pulse))
    except EOFError:
        return  # The parent is gone.
    finally:
        env.close()


def _attempt(
    env: DemonstrationEnv,
    policy: Policy,
    config: GenerationConfig,
    parts: PartsFolder,
    attempt: int,
    pulse: Pulse,
) -> AttemptResult | Failed:
    result, record = carry_out(env, policy, config, attempt, (pulse,))
    try:
        parts.store(result, record)
    except OSError as error:
        return Failed(f"Episode {attempt} cannot be written to {parts.path}: {error.strerror}.")
    return result


def carry_out(
    env: DemonstrationEnv,
    policy: Policy,
    config: GenerationConfig,
    attempt: int,
    subscribers: Sequence[Subscriber] = (),
) -> tuple[AttemptResult, EpisodeRecord | None]:
    """Make an attempt; return how it went, and what was recorded if it is part of the dataset."""
    seed = attempt_seed(config.seed, attempt)
    recorder = Recorder(config.task, attempt)
    try:
        outcome = rollout(env, policy, seed, (recorder, *subscribers))
    except PlacementError:
        # The same seed never finds a layout, so the attempt counts and the run goes on.
        outcome = Outcome(success=False, failure="no layout found", steps=0)
    result = attempt_result(config, attempt, outcome)
    return result, recorder.record() if result.recorded else None


def attempt_result(config: GenerationConfig, attempt: int, outcome: Outcome) -> AttemptResult:
    """Return how an attempt went, and whether it is part of the dataset."""
    # Loaders cannot take an episode without a step, so such a failure only counts.
    recorded = outcome.success or (config.keep_failures and outcome.steps > 0)
    seed = attempt_seed(config.seed, attempt)
    return AttemptResult(attempt, seed, outcome.success, outcome.failure, outcome.steps, recorded)
