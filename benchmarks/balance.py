"""Every figure of the balance layer: walking, pushes, falls, reaching, carrying, time and ZMP."""

import os
from collections.abc import Callable
from typing import Literal, TypeAlias

import tyro
from balance_arms import measure_carrying, measure_reaching
from balance_falls import measure_falls
from balance_pushes import measure_pushes
from balance_report import Row, Settings
from balance_timing import measure_tick
from balance_walking import measure_commands, measure_walking
from balance_zmp import measure_agreement, measure_zmp
from rich.console import Console
from rich.table import Table

Section: TypeAlias = Literal[
    "walking", "pushes", "falls", "reaching", "carrying", "commands", "tick", "zmp", "agreement"
]

SECTIONS: dict[Section, Callable[[Settings], list[Row]]] = {
    "walking": measure_walking,
    "pushes": measure_pushes,
    "falls": measure_falls,
    "reaching": measure_reaching,
    "carrying": measure_carrying,
    "commands": measure_commands,
    "tick": measure_tick,
    "zmp": measure_zmp,
    "agreement": measure_agreement,
}


def main(
    only: tuple[Section, ...] = tuple(SECTIONS),
    scale: float = 1.0,
    impulses: tuple[float, ...] = (3.0, 6.0, 9.0, 12.0, 15.0, 18.0),
    minutes: float = 10.0,
    first_seed: int = 0,
    workers: int = 2,
) -> None:
    """Print one table of figures: counts with 95 % Wilson intervals, or medians [5 %, 95 %].

    Args:
        only: sections to run.
        scale: factor on the number of runs; with 1 there are 100 walks of each kind.
        impulses: of pushes [N s].
        minutes: length of a run with random commands.
        first_seed: runs are seeded by this and what follows.
        workers: processes; time is measured in one alone.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    settings = Settings(scale, impulses, minutes, first_seed, workers, Console(stderr=True))
    table = Table(title=f"Balance layer, {scale:g} of the runs", show_lines=True)
    for column in ("figure", "wanted", "measured"):
        table.add_column(column, overflow="fold")
    for section in only:
        for row in SECTIONS[section](settings):
            table.add_row(row.figure, row.wanted, row.measured)
    Console(width=150).print(table)


if __name__ == "__main__":
    tyro.cli(main)
