"""Shows how a replay compares with its record."""

from collections.abc import Sequence

from rich.console import Console

from vla_humanoid.data_collection.dataset_file import DatasetFile
from vla_humanoid.data_collection.layout import demo_name
from vla_humanoid.data_collection.replay import (
    ReplayResult,
    recorded_engine,
    replay,
    version_differences,
)


def report_replay(
    dataset: DatasetFile, episodes: Sequence[int], console: Console, engine: str | None = None
) -> bool:
    """Replay episodes, print a line on each as it ends, and what they add up to.

    Args:
        dataset: where they are.
        episodes: their numbers; all if there are none.
        console: where to print.
        engine: what simulates; None for the one that the dataset was made with.

    Returns:
        Whether every recorded success succeeded again.

    Raises:
        DatasetError: if the file cannot be replayed.
    """
    recorded = recorded_engine(dataset)
    if engine not in (None, recorded):
        console.print(
            f"made with the engine {recorded}, replayed in {engine}: states deviate, and a success "
            "may not come again",
            soft_wrap=True,
        )
    for difference in version_differences(dataset, engine):
        console.print(f"made with another version: {difference}", soft_wrap=True)
    results: list[ReplayResult] = []
    demos = [demo_name(number) for number in episodes]
    for result in replay(dataset, demos, engine=engine):
        console.print(_line(result), soft_wrap=True)
        results.append(result)
    successes = [result for result in results if result.recorded_success]
    repeated = [result for result in successes if result.repeated]
    largest = max((result.largest.value for result in results), default=0.0)
    console.print(
        f"{len(repeated)} of {len(successes)} recorded successes succeeded again; "
        f"largest state deviation {largest:g}",
        soft_wrap=True,
    )
    return len(repeated) == len(successes)


def _line(result: ReplayResult) -> str:
    recorded, replayed = result.steps
    steps = str(recorded) if recorded == replayed else f"{recorded}, replayed {replayed}"
    largest = f"{result.largest.value:g}"
    if result.largest.field:
        largest = f"{largest} {result.largest.unit} in {result.largest.field}"
    return (
        f"{result.demo}: recorded {'success' if result.recorded_success else 'failure'}, "
        f"replayed {'success' if result.success else f'failure ({result.failure})'}, "
        f"steps {steps}, initial deviation {result.initial.value:g}, largest deviation {largest}"
    )
