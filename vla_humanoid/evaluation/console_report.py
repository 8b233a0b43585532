"""Prints evaluations as they run and once they are over."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from vla_humanoid.evaluation.comparison import Comparison
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.results import following_text, summarize
from vla_humanoid.evaluation.run import Evaluation, OnEpisode


@contextmanager
def report_episodes(console: Console) -> Iterator[OnEpisode]:
    """Show a bar while episodes run; yield what is to be told of each."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    successes = 0
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("episodes", total=None)

        def on_episode(episode: EpisodeResult, over: int, total: int) -> None:
            nonlocal successes
            successes += episode.success
            progress.update(
                bar, total=total, completed=over, description=f"{successes} new successes"
            )

        yield on_episode


def print_results(console: Console, evaluation: Evaluation) -> None:
    """Print success, following, falls and causes of failure of every task."""
    table = Table("task", "success", "95 % Wilson", "right object", "falls", "time [s]", "failures")
    groups: dict[str, Sequence[EpisodeResult]] = {
        task: [one for one in evaluation.episodes if one.task == task] for task in evaluation.tasks
    }
    if len(groups) > 1:
        groups["all"] = evaluation.episodes
    for name, episodes in groups.items():
        found = summarize(episodes)
        low, high = found["wilson95"]
        count, seconds = found["episodes"], found["seconds"]
        table.add_row(
            name,
            f"{round(found['success_rate'] * count)}/{count}",
            f"{low:.1%} to {high:.1%}",
            following_text(found),
            str(found["falls"]),
            f"{seconds['median']:.1f} [{seconds['p5']:.1f}, {seconds['p95']:.1f}]",
            ", ".join(f"{reason} {times}" for reason, times in found["failures"].items()),
        )
    console.print(table)


def print_comparison(console: Console, comparisons: Sequence[Comparison]) -> None:
    """Print the difference of two policies, task by task, with what it is worth."""
    table = Table(
        "task", "episodes", "first", "second", "difference, 95 %", "McNemar p", "episodes needed"
    )
    for one in comparisons:
        first, second = one.rates
        low, high = one.interval
        table.add_row(
            one.task,
            str(one.counts.episodes),
            f"{first:.1%}",
            f"{second:.1%}",
            f"{one.counts.difference:+.1%} [{low:+.1%}, {high:+.1%}]",
            f"{one.p_value:.3g}",
            "-" if one.episodes_needed is None else str(one.episodes_needed),
        )
    console.print(table)
