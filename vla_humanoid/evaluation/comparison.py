"""Two evaluations of the same episodes, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.evaluation.episode_result import EpisodeResult, JournalError
from vla_humanoid.evaluation.journal import read_journal
from vla_humanoid.evaluation.run import JOURNAL
from vla_humanoid.evaluation.statistics import (
    PairedCounts,
    difference_interval,
    episodes_to_tell_apart,
    mcnemar,
)


@dataclass(frozen=True)
class Comparison:
    """How two policies fared on the episodes of a task, or of all, that both were given.

    Args:
        task: its name, or "all".
        counts: by episode.
    """

    task: str
    counts: PairedCounts

    @property
    def rates(self) -> tuple[float, float]:
        """Success rate of the first and of the second."""
        pairs = self.counts
        first, second = pairs.both + pairs.first_only, pairs.both + pairs.second_only
        return first / pairs.episodes, second / pairs.episodes

    @property
    def interval(self) -> tuple[float, float]:
        """Of the first rate minus the second, 95 %."""
        return difference_interval(self.counts)

    @property
    def p_value(self) -> float:
        """How probable so uneven a count is between equals."""
        return mcnemar(self.counts)

    @property
    def episodes_needed(self) -> int | None:
        """How many episodes would show so large a difference; None where there is none."""
        return episodes_to_tell_apart(*self.rates)


def compare(first: Path, second: Path) -> tuple[Comparison, ...]:
    """Compare two outputs of `evaluate`, task by task, then all together.

    Args:
        first: folder.
        second: another one.

    Raises:
        JournalError: if one is no output of an evaluation, or they share no episode.
    """
    results = [_successes(folder) for folder in (first, second)]
    shared = sorted(results[0].keys() & results[1].keys())
    if not shared:
        raise JournalError(f"{first} and {second} share no episode: no task and seed is in both.")
    tasks = sorted({task for task, _ in shared})
    groups = {task: [key for key in shared if key[0] == task] for task in tasks}
    if len(tasks) > 1:
        groups["all"] = shared
    return tuple(Comparison(name, _counts(results, keys)) for name, keys in groups.items())


def _successes(folder: Path) -> dict[tuple[str, int], bool]:
    episodes: Sequence[EpisodeResult] = read_journal(folder / JOURNAL)
    return {(one.task, one.seed): one.success for one in episodes if not one.condition}


def _counts(
    results: Sequence[Mapping[tuple[str, int], bool]], keys: Sequence[tuple[str, int]]
) -> PairedCounts:
    first, second = ([result[key] for key in keys] for result in results)
    return PairedCounts.of(first, second)
