"""What the benchmarks of the balance layer report, and how runs are spread over processes."""

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.progress import track

from vla_humanoid.data_collection.statistics import wilson_interval

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Args:
        figure: what was measured.
        wanted: the least that is good enough, or an empty string.
        measured: with its count, interval or spread.
    """

    figure: str
    wanted: str
    measured: str


@dataclass(frozen=True)
class Settings:
    """How much is run.

    Args:
        scale: factor on the number of runs.
        impulses: of pushes [N s].
        minutes: length of a run with random commands.
        first_seed: runs are seeded by this and what follows.
        workers: processes.
        console: where progress is shown.
    """

    scale: float
    impulses: tuple[float, ...]
    minutes: float
    first_seed: int
    workers: int
    console: Console

    def runs(self, full: int) -> int:
        """Return how many runs to make of those of the full benchmark."""
        return max(1, round(self.scale * full))

    def seeds(self, full: int) -> range:
        """Return the seeds of these runs."""
        return range(self.first_seed, self.first_seed + self.runs(full))

    def run_all(
        self, function: Callable[[Job], Outcome], jobs: Sequence[Job], what: str
    ) -> list[Outcome]:
        """Return what a function makes of each job, in order."""
        with multiprocessing.get_context("spawn").Pool(self.workers) as pool:
            outcomes = pool.imap(function, jobs)
            return list(track(outcomes, what, total=len(jobs), console=self.console))


def share(successes: int, trials: int) -> str:
    """Return a success rate with its count and 95 % Wilson interval."""
    low, high = wilson_interval(successes, trials)
    return f"{successes}/{trials} [{100 * low:.1f}, {100 * high:.1f}] %"


def spread(values: Sequence[float], unit: str, factor: float = 1.0, digits: int = 1) -> str:
    """Return median and range from the 5th to the 95th percentile."""
    if not values:
        return "none"
    low, median, high = factor * np.percentile(values, [5, 50, 95])
    return f"{median:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}] {unit}"
