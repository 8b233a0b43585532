"""Writes the tables of docs/results.md from committed results; nothing in them is typed by hand.

A table stands between ``<!-- table NAME -->`` and ``<!-- end -->``; its rows are the results that
``recipes/table_NAME`` has kept in ``benchmarks/results/policy`` as ``NAME_*.json``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import tyro

from vla_humanoid.data_collection.statistics import wilson_interval
from vla_humanoid.evaluation.results import Summary

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "benchmarks" / "results" / "policy"
PAGE = ROOT / "docs" / "results.md"


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Args:
        label: what was evaluated.
        record: name of the results.
        task: that is told of; all together if it is empty.
    """

    label: str
    record: str
    task: str = ""


FIVE_TASKS = ("PickPlace", "PressButton", "OpenDrawer", "CloseDrawer", "PointAt")
TABLES: Mapping[str, Sequence[Row]] = {
    "language": (
        Row("its own sentence", "language_own"),
        Row("the sentence of another goal, by which it is judged", "language_counterfactual"),
        Row("nothing (an empty sentence)", "language_blank"),
        Row("a sentence that has nothing to do with it", "language_foreign"),
        Row("its own sentence, after 400 demonstrations", "demonstrations_400"),
        Row("the same for the twin that hears no words, after 400", "language_twin"),
    ),
    "engines": (
        Row("MuJoCo, in which it was trained", "language_own"),
        Row("NVIDIA PhysX", "engine_physx"),
    ),
    "latency": (
        Row("real-time chunking, at once", "latency_real_time_0"),
        Row("real-time chunking, 300 ms late", "latency_real_time_6"),
        Row("receding horizon, at once", "latency_receding_horizon_0"),
        Row("receding horizon, 300 ms late", "latency_receding_horizon_6"),
    ),
    "tasks": (
        *(Row(task, "tasks_five", task) for task in FIVE_TASKS),
        Row("mean of the five", "tasks_five"),
    ),
    "demonstrations": (
        *(Row(f"{count}", f"demonstrations_{count}") for count in (50, 100, 200, 400)),
        Row("720 (the policy that ships)", "language_own"),
    ),
    "models": (
        *(Row(f"`{name}`", f"model_{name}") for name in ("act", "baku", "flow", "rt1")),
        Row("`pointer`, 400 demonstrations", "demonstrations_400"),
    ),
}
"""By name. What there are no results of yet is left out."""

HEAD = (
    "| | success | interval | handled the named object | falls |",
    "| --- | --- | --- | --- | --- |",
)


def main(records: Path = RECORDS, page: Path = PAGE) -> None:
    """Write the tables.

    Args:
        records: folder of the results.
        page: whose tables are replaced.
    """
    text = page.read_text()
    for name, rows in TABLES.items():
        lines = [_line(row, records) for row in rows if _path(row, records).exists()]
        table = "\n".join([f"<!-- table {name} -->", *HEAD, *lines, "<!-- end -->"])
        text = re.sub(
            rf"<!-- table {name} -->.*?<!-- end -->",
            lambda _, new=table: new,
            text,
            flags=re.DOTALL,
        )
    page.write_text(text)


def _path(row: Row, records: Path) -> Path:
    return records / f"{row.record}.json"


def summary(row: Row, records: Path = RECORDS) -> Summary:
    """Return what was counted for a row."""
    results = json.loads(_path(row, records).read_text())
    return cast("Summary", results["tasks"][row.task] if row.task else results["all"])


def _line(row: Row, records: Path) -> str:
    found = summary(row, records)
    low, high = found["wilson95"]
    successes = round(found["success_rate"] * found["episodes"])
    cells = (
        row.label,
        f"{successes} of {found['episodes']}",
        f"{100 * low:.0f} to {100 * high:.0f} %",
        _following(found),
        str(found["falls"]),
    )
    return f"| {' | '.join(cells)} |"


def _following(found: Summary) -> str:
    acted = found["following_episodes"]
    if not acted:
        return "-"
    followed = round((found["following_rate"] or 0.0) * acted)
    low, high = wilson_interval(followed, acted)
    return f"{followed} of {acted} ({100 * low:.0f} to {100 * high:.0f} %)"


if __name__ == "__main__":
    tyro.cli(main)
