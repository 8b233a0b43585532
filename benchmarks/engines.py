"""Every figure of the engines beside MuJoCo: the same model, the same behaviour, and speed."""

import os
from collections.abc import Callable
from typing import Literal, TypeAlias

import tyro
from balance_report import Row, Settings
from engine_agreement import measure_agreement
from engine_behaviour import measure_expert, measure_standing, measure_walking
from engine_speed import measure_speed
from rich.console import Console
from rich.table import Table

Section: TypeAlias = Literal["agreement", "standing", "walking", "expert", "speed"]

SECTIONS: dict[Section, Callable[[Settings], list[Row]]] = {
    "agreement": measure_agreement,
    "standing": measure_standing,
    "walking": measure_walking,
    "expert": measure_expert,
    "speed": measure_speed,
}


def main(
    only: tuple[Section, ...] = tuple(SECTIONS),
    scale: float = 1.0,
    first_seed: int = 0,
    workers: int = 2,
) -> None:
    """Print one table of figures: counts with 95 % Wilson intervals, or medians [5 %, 95 %].

    Args:
        only: sections to run.
        scale: factor on the number of runs; with 1 there are 20 stands, 20 walks, 50 episodes.
        first_seed: runs are seeded by this and what follows.
        workers: processes; time is measured in one alone.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    settings = Settings(scale, (), 0.0, first_seed, workers, Console(stderr=True))
    table = Table(title=f"Engines, {scale:g} of the runs", show_lines=True)
    for column in ("figure", "wanted", "measured"):
        table.add_column(column, overflow="fold")
    for section in only:
        for row in SECTIONS[section](settings):
            table.add_row(row.figure, row.wanted, row.measured)
    Console(width=150).print(table)


if __name__ == "__main__":
    tyro.cli(main)
