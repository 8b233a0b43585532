"""Generates a dataset: as many successful episodes as wanted, whatever happens on the way.

Attempts are numbered, and everything about an attempt follows from the run's seed and its number.
An attempt is started only if those before it could not give enough successes even if all that are
under way succeed. So the attempts made, and with them the content of the dataset, are the same for
any number of workers.
"""

import math
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from vla_humanoid.data_collection.attempts import AttemptResult, PartsFolder
from vla_humanoid.data_collection.cluster.requirement import make_ray_pool
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.dataset_index import has_links, write_index, write_merged
from vla_humanoid.data_collection.errors import (
    ConfigurationError,
    GenerationError,
    GenerationInterrupted,
)
from vla_humanoid.data_collection.expert_run import make_batch_pool, make_expert
from vla_humanoid.data_collection.output_file import (
    Existing,
    check_output,
    check_space,
    is_complete,
)
from vla_humanoid.data_collection.run_config import GenerationConfig, RunDescription, check_same
from vla_humanoid.data_collection.stall import StallLimit
from vla_humanoid.data_collection.tally import Tally
from vla_humanoid.data_collection.worker import Job, Make
from vla_humanoid.data_collection.worker_pool import WorkerPool
from vla_humanoid.sims.engine_names import ISAAC_LAB
from vla_humanoid.sims.graphics import select_backend

HOPELESS_ATTEMPTS = 20
"""After this many attempts, a run with a lower success rate than the next is given up."""
HOPELESS_RATE = 0.02
INDEX_AT_ONCE = 200
"""Up to so many attempts, the index is written after each."""
INDEX_PAUSE = 20.0
"""Then there is so much time between two, in multiples of what writing one takes."""

Merge: TypeAlias = Literal["copy", "links"]
"""How the episodes come to be one dataset: all in one file, or in a file each, linked to."""


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Args:
        wanted: successful episodes asked for.
        successes: had so far, with those of an earlier run that is resumed.
        attempts: finished so far, likewise.
        failures: reason to number of failed attempts.
        new_successes: had in this run.
        seconds: that this run has taken, start of the workers included.
        replaced: workers that died or stalled in this run, and were replaced.
    """

    wanted: int
    successes: int
    attempts: int
    failures: Mapping[str, int]
    new_successes: int
    seconds: float
    replaced: int = 0

    @property
    def rate(self) -> float:
        """Successful episodes per minute in this run."""
        return 60 * self.new_successes / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Expected time to the end [s]; unknown before the first success."""
        return 60 * (self.wanted - self.successes) / self.rate if self.rate > 0 else None


@dataclass(frozen=True)
class Summary:
    """What a run has come to.

    Args:
        output: the dataset file.
        file_bytes: its size.
        progress: the last.
        already_complete: there was nothing to do.
    """

    output: Path
    file_bytes: int
    progress: Progress
    already_complete: bool


def generate(
    config: GenerationConfig,
    output: Path,
    *,
    workers: int = 2,
    existing: Existing = "refuse",
    on_progress: Callable[[Progress], None] = lambda progress: None,
    make: Make = make_expert,
    merge: Merge = "copy",
    ray: str | None = None,
    limit: StallLimit | None = None,
) -> Summary:
    """Generate a dataset file.

    While the run goes on, the file holds the finished episodes through links into the folder
    ``<output>.parts``. At its end the file holds them itself and the folder is gone.

    A worker that dies or stalls is replaced, and its attempt made again.

    Args:
        config: what to generate.
        output: the file.
        workers: processes, >= 1; they change how long it takes and nothing else. With engine
            "isaaclab" they are worlds of one process.
        existing: what to do about an output that is there: refuse, overwrite, or resume.
        on_progress: called when the workers are ready and after every attempt.
        make: makes the environment and the policy in a worker; a function of a module.
        merge: "copy", or "links" to leave the episodes in the folder for good and finish at once.
        ray: address of a Ray cluster whose nodes carry the attempts out, or "auto" for the one that
            this machine belongs to; None for processes of this machine.
        limit: when a worker counts as stalled; None for what suits the kind of worker.

    Raises:
        ConfigurationError: if the request cannot be carried out, which includes an environment that
            does not start; nothing has been touched then.
        DatasetError: if the output to be resumed is not a dataset.
        GenerationError: if the run had to stop; the finished episodes are kept.
        GraphicsUnavailable: if the images asked for cannot be rendered here.
    """
    if workers < 1:
        raise ConfigurationError(f"workers must be at least 1, not {workers}.")
    check_output(output, existing)
    parts = PartsFolder(output)
    if existing == "resume" and is_complete(output, config):
        linked = has_links(output)
        if not linked:
            parts.remove()  # Left over if the run was killed in its last moment.
        if not linked or merge == "links":
            return _summary_of_file(output, config)
    if config.cameras and config.engine != ISAAC_LAB and ray is None:
        select_backend()  # The workers take it over.
    check_space(output, config)
    parts.open()
    try:
        run = GenerationRun(
            config, output, parts, resume=existing == "resume", on_progress=on_progress
        )
        if not run.finished:
            try:
                with _pool(Job(config, output, make, limit), workers, ray) as pool:
                    run.carry_out(pool)
            except BaseException:
                run.write_kept()
                raise
        return run.finish(merge)
    except KeyboardInterrupt as error:
        raise GenerationInterrupted(f"Interrupted. {_advice(parts)}") from error
    except GenerationError as error:
        raise GenerationError(f"{error} {_advice(parts)}") from error
    except OSError as error:
        raise GenerationError(f"{output} cannot be written: {error}. {_advice(parts)}") from error
    finally:
        parts.close()


class Pool(Protocol):
    """Whatever carries attempts out."""

    @property
    def description(self) -> RunDescription | None:
        """What the run is carried out with; known as soon as work can begin."""
        ...

    @property
    def in_flight(self) -> frozenset[int]:
        """Attempts that are being carried out."""
        ...

    @property
    def has_idle(self) -> bool:
        """Whether there is somebody without work."""
        ...

    @property
    def replaced(self) -> int:
        """How many workers were lost and replaced."""
        ...

    def assign(self, attempt: int) -> None:
        """Give an attempt to somebody without work."""
        ...

    def wait(self) -> list[AttemptResult]:
        """Wait until something happens, and return the attempts that have finished, maybe none."""
        ...


def _pool(job: Job, workers: int, ray: str | None) -> AbstractContextManager[Pool]:
    """Return worker processes, here or in a cluster, or the worlds of a batch."""
    count = min(workers, job.config.episodes)
    if ray is not None:
        return make_ray_pool(job, count, ray)
    if job.config.engine == ISAAC_LAB:
        return make_batch_pool(job, count)
    return WorkerPool(job, count)


class GenerationRun:
    """A run under way: which attempts are finished, and what comes next.

    Args:
        config: what to generate.
        output: the file.
        parts: its folder, open.
        resume: whether attempts in the folder count.
        on_progress: called when work can begin and after every attempt.
    """

    def __init__(
        self,
        config: GenerationConfig,
        output: Path,
        parts: PartsFolder,
        resume: bool,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._config = config
        self._output = output
        self._parts = parts
        self._on_progress = on_progress
        self._started = time.monotonic()
        self._description: RunDescription | None = None
        self._tally = Tally()
        self._index_written, self._index_seconds = -math.inf, 0.0
        self._replaced = 0
        if resume and (saved := parts.read_run()) is not None:
            self._recall(saved)
        self._earlier_successes = self._tally.successes

    @property
    def finished(self) -> bool:
        """Whether there are as many successes as wanted."""
        return self._tally.successes >= self._config.episodes

    def carry_out(self, pool: Pool) -> None:
        """Make attempts until there are enough successes."""
        while pool.description is None:
            pool.wait()
        self._begin(pool.description)
        while not self.finished:
            self._assign(pool)
            for result in pool.wait():
                self._keep(result, pool)
        self._write_index()

    def write_kept(self) -> None:
        """Let the file hold all finished attempts of a run that ends early.

        Workers may have finished some of which they had no time to tell.
        """
        self._tally = Tally(self._parts.results().values())
        self._write_index()

    def finish(self, merge: Merge) -> Summary:
        """Make one dataset of the episodes, and remove the parts unless it links to them."""
        if self._description is None:
            raise GenerationError("The run ended before it began.")
        results = self._tally.results()
        if merge == "links":
            write_index(
                self._output, self._parts, self._config, self._description, results, complete=True
            )
        else:
            write_merged(self._output, self._parts, self._config, self._description, results)
            self._parts.remove()
        size = self._output.stat().st_size + self._parts.size
        return Summary(self._output, size, self._progress(), False)

    def _recall(self, saved: Mapping[str, Mapping[str, object]]) -> None:
        what = f"The run in {self._parts.path} was started"
        check_same(what, saved["config"], asdict(self._config))
        self._description = RunDescription(**{k: str(v) for k, v in saved["description"].items()})
        self._tally = Tally(self._parts.results().values())

    def _begin(self, description: RunDescription) -> None:
        if self._description is None:
            self._parts.clear()
            run = {"config": asdict(self._config), "description": asdict(description)}
            self._parts.write_run(run)
            self._description = description
        else:
            what = f"The run in {self._parts.path} was started"
            check_same(what, asdict(self._description), asdict(description))
        self._write_index()
        self._on_progress(self._progress())

    def _assign(self, pool: Pool) -> None:
        in_flight = set(pool.in_flight)
        while pool.has_idle and self._tally.successes + len(in_flight) < self._config.episodes:
            attempt = self._tally.next_attempt(in_flight)
            pool.assign(attempt)
            in_flight.add(attempt)

    def _keep(self, result: AttemptResult, pool: Pool) -> None:
        self._tally.add(result)
        self._replaced = pool.replaced
        # With many episodes the index takes long to write; it is known from them at any time.
        pause = INDEX_PAUSE * self._index_seconds
        if self._tally.attempts <= INDEX_AT_ONCE or time.monotonic() - self._index_written >= pause:
            self._write_index()
        self._on_progress(self._progress())
        successes, attempts = self._tally.successes, self._tally.attempts
        if attempts >= HOPELESS_ATTEMPTS and successes < HOPELESS_RATE * attempts:
            reasons = self._tally.failures.items()
            counted = ", ".join(f"{reason} ({number})" for reason, number in reasons)
            raise GenerationError(
                f"Only {successes} of {attempts} attempts succeeded, so the run was given "
                f"up. Reasons of failure: {counted}."
            )

    def _write_index(self) -> None:
        if self._description is not None:
            began = time.monotonic()
            results = self._tally.results()
            write_index(self._output, self._parts, self._config, self._description, results)
            self._index_written = time.monotonic()
            self._index_seconds = self._index_written - began

    def _progress(self) -> Progress:
        return Progress(
            wanted=self._config.episodes,
            successes=self._tally.successes,
            attempts=self._tally.attempts,
            failures=self._tally.failures,
            new_successes=self._tally.successes - self._earlier_successes,
            seconds=time.monotonic() - self._started,
            replaced=self._replaced,
        )


def _advice(parts: PartsFolder) -> str:
    successes = sum(result.success for result in parts.results().values())
    if successes == 0:
        return "No episode was finished."
    return f"{successes} finished episodes are kept; run again with --resume to complete them."


def _summary_of_file(output: Path, config: GenerationConfig) -> Summary:
    with open_dataset(output) as dataset:
        failures = {k: int(str(v)) for k, v in dataset.json_object("failures").items()}
        attempts = dataset.integer("attempts")
    progress = Progress(config.episodes, config.episodes, attempts, failures, 0, 0.0)
    return Summary(output, output.stat().st_size, progress, already_complete=True)
