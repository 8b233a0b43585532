"""Writes docs/leaderboard.md from committed results, and makes such results.

Every policy is evaluated on the same seeds of the same tasks, as `vla-humanoid evaluate` does by
default. Nothing on the page is typed by hand.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import tyro
from rich.console import Console

from vla_humanoid.data_collection.statistics import wilson_interval
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.console_report import print_results, report_episodes
from vla_humanoid.evaluation.results import RESULTS, Summary, write_results
from vla_humanoid.evaluation.run import evaluate

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "benchmarks" / "results" / "leaderboard"
PAGE = ROOT / "docs" / "leaderboard.md"


@dataclass(frozen=True)
class Entry:
    """What one policy was found to do.

    Args:
        name: of the policy.
        config: it was evaluated with, without the policy.
        version: of this package.
        tasks: by name.
    """

    name: str
    config: Mapping[str, object]
    version: str
    tasks: Mapping[str, Summary]

    @property
    def counts(self) -> tuple[int, int]:
        """Successes and episodes of all tasks."""
        found = self.tasks.values()
        return sum(map(successes, found)), sum(one["episodes"] for one in found)


def main(
    run: tuple[str, ...] = (),
    tasks: tuple[str, ...] = (),
    episodes: int = 20,
    workers: int = 2,
    work: Path = Path("outputs/leaderboard"),
    records: Path = RECORDS,
    page: Path = PAGE,
) -> None:
    """Evaluate some policies, and write the page of all that are on record.

    Args:
        run: policies to evaluate first, as NAME or NAME=POLICY: expert, zero, the folder of a
            checkpoint, and so on. An interrupted run goes on with the same command.
        tasks: that they are evaluated on.
        episodes: of each task.
        workers: processes.
        work: folder for the journals of what is evaluated.
        records: folder of the results on record.
        page: to write.
    """
    console = Console(stderr=True)
    records.mkdir(parents=True, exist_ok=True)
    for one in run:
        name, _, policy = one.partition("=")
        output = work / name
        with report_episodes(console) as on_episode:
            found = evaluate(
                EvaluationConfig(policy or name),
                tasks,
                episodes,
                output,
                workers=workers,
                on_episode=on_episode,
            )
        print_results(console, found)
        write_results(found, output)
        shutil.copyfile(output / RESULTS, records / f"{name}.json")
    page.write_text(page_of([read(path) for path in sorted(records.glob("*.json"))]))


def read(path: Path) -> Entry:
    """Return what is on record of a policy."""
    content = json.loads(path.read_text())
    # What there was no option for then was as it is by default now.
    config = EvaluationConfig("").to_json() | content["config"]
    del config["policy"]
    tasks = cast("dict[str, Summary]", content["tasks"])
    return Entry(path.stem, config, content["vla_humanoid"], tasks)


def page_of(entries: Sequence[Entry]) -> str:
    """Return the page.

    Raises:
        ValueError: if two of them were not evaluated alike.
    """
    for one in entries[1:]:
        if one.config != entries[0].config:
            raise ValueError(f"{one.name} was evaluated otherwise than {entries[0].name}.")
    ranked = sorted(entries, key=lambda one: one.counts[0] / one.counts[1], reverse=True)
    tasks = sorted({task for one in ranked for task in one.tasks})
    lines = [
        "# Leaderboard",
        "",
        "Success at the last step on the seeds of the evaluation protocol "
        f"{entries[0].config['protocol'] if entries else ''}, everything randomized, with 95 % "
        "Wilson intervals. `expert` knows where everything is, and is the data's source; `zero` "
        "and `random` are floors; `shipped` was trained on PickPlace alone. Counts are small where "
        "intervals are wide: compare no two policies by this page, but with "
        "`vla-humanoid compare`.",
        "",
        "| policy | success | interval | right object | falls | version |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_overall(one) for one in ranked),
        "",
        "## By task",
        "",
        f"| task | {' | '.join(one.name for one in ranked)} |",
        f"| --- |{' --- |' * len(ranked)}",
        *(_task(task, ranked) for task in tasks),
        "",
        "Written by `benchmarks/leaderboard.py` from `benchmarks/results/leaderboard`; do not "
        "edit. To add a policy: `python benchmarks/leaderboard.py --run NAME=POLICY --tasks "
        f"{' '.join(tasks)} --episodes {_episodes(ranked)}`.",
    ]
    return "\n".join(lines) + "\n"


def _overall(one: Entry) -> str:
    count, episodes = one.counts
    low, high = wilson_interval(count, episodes)
    # Results from before it was counted in how many episodes anything was handled lack that.
    known = [task for task in one.tasks.values() if "following_episodes" in task]
    acted = sum(task["following_episodes"] for task in known)
    followed = sum((task["following_rate"] or 0) * task["following_episodes"] for task in known)
    cells = (
        one.name,
        f"{count} of {episodes}",
        f"{100 * low:.0f} to {100 * high:.0f} %",
        f"{round(followed)} of {acted}" if acted else "-",
        str(sum(task["falls"] for task in one.tasks.values())),
        one.version,
    )
    return f"| {' | '.join(cells)} |"


def _task(task: str, entries: Sequence[Entry]) -> str:
    cells = (_cell(one.tasks.get(task)) for one in entries)
    return f"| [{task}](tasks/{task}.md) | {' | '.join(cells)} |"


def _cell(found: Summary | None) -> str:
    if found is None:
        return ""
    low, high = found["wilson95"]
    return f"{successes(found)} of {found['episodes']} ({100 * low:.0f} to {100 * high:.0f} %)"


def _episodes(entries: Sequence[Entry]) -> int:
    return max((task["episodes"] for one in entries for task in one.tasks.values()), default=20)


def successes(found: Summary) -> int:
    """Return how many episodes succeeded."""
    return round(found["success_rate"] * found["episodes"])


if __name__ == "__main__":
    tyro.cli(main)
