"""A worker process: carries out attempts, one after another, and keeps each in the parts folder."""

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from vla_humanoid.data_collection.attempts import AttemptResult, PartsFolder, attempt_seed
from vla_humanoid.data_collection.environment import Action, DemonstrationEnv, DemonstrationWorld
from vla_humanoid.data_collection.recorder import Recorder
from vla_humanoid.data_collection.rollout import Moment, Outcome, Policy, rollout
from vla_humanoid.data_collection.run_config import (
    GenerationConfig,
    RunDescription,
    describe_run,
)
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
    """

    config: GenerationConfig
    output: Path
    make: Make


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


Message: TypeAlias = Ready | AttemptResult | Failed | Crashed


class ParentWatch:
    """Ends this process when the one that started it is gone, so that none is left behind."""

    def __init__(self) -> None:
        self._parent = os.getppid()

    def on_reset(self, world: DemonstrationWorld) -> None:
        """Check."""
        self._check()

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        """Check."""
        self._check()

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        """Do nothing: what is finished may still be kept."""

    def _check(self) -> None:
        if os.getppid() != self._parent:
            raise SystemExit(1)


def run_worker(job: Job, connection: Connection) -> None:
    """Receive numbers of attempts until None, and answer each with its result."""
    # An interrupt from the keyboard reaches every process; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Which may be to end this process at once: what is under way then clears up after itself.
    signal.signal(signal.SIGTERM, _end)
    try:
        _work(job, connection)
    except Exception as error:  # The end of the process: an error goes to the parent or is lost.
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        with suppress(ConnectionError):
            connection.send(Crashed(reason, traceback.format_exc()))


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(1)


def _work(job: Job, connection: Connection) -> None:
    watch = ParentWatch()
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
    try:
        while (attempt := connection.recv()) is not None:
            connection.send(_attempt(env, policy, job.config, parts, attempt, watch))
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
    watch: ParentWatch,
) -> AttemptResult | Failed:
    seed = attempt_seed(config.seed, attempt)
    recorder = Recorder(config.task, attempt)
    try:
        outcome = rollout(env, policy, seed, (recorder, watch))
    except PlacementError:
        # The same seed never finds a layout, so the attempt counts and the run goes on.
        outcome = Outcome(success=False, failure="no layout found", steps=0)
    result = attempt_result(config, attempt, outcome)
    try:
        parts.store(result, recorder.record() if result.recorded else None)
    except OSError as error:
        return Failed(f"Episode {attempt} cannot be written to {parts.path}: {error.strerror}.")
    return result


def attempt_result(config: GenerationConfig, attempt: int, outcome: Outcome) -> AttemptResult:
    """Return how an attempt went, and whether it is part of the dataset."""
    # Loaders cannot take an episode without a step, so such a failure only counts.
    recorded = outcome.success or (config.keep_failures and outcome.steps > 0)
    seed = attempt_seed(config.seed, attempt)
    return AttemptResult(attempt, seed, outcome.success, outcome.failure, outcome.steps, recorded)
