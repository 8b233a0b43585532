"""A row of fixtures on a table: drawers, doors, buttons or knobs, each of a colour of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import Fixture, FixtureKind, Scene, StaticBox, Table
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.kinds import identifier
from vla_humanoid.tasks.core.randomization import EpisodeRandom

RESISTANCES = (0.7, 1.5)
CONSOLE_MARGIN = 0.14
"""How much deeper a console is than the strip in which origins may be [m]."""


@dataclass(frozen=True)
class Row:
    """What is sampled.

    Args:
        word: for names in the scene, such as "drawer".
        kinds: by how many there are, the kind of each, from the robot's left to its right.
        x: where their origins may be [m], world frame.
        spacing: between neighbouring origins [m].
        shift: largest shift of the whole row to either side [m].
        yaw: largest turn of each to either side [rad].
        scales: of their size.
        heights: of the table [m].
        nominal_height: of the table where the axis "table_height" is off [m].
        console: height of a box under all of them [m]; 0 for none.
    """

    word: str
    kinds: Sequence[Sequence[FixtureKind]]
    x: tuple[float, float]
    spacing: tuple[float, float]
    shift: float
    yaw: float = 0.0
    scales: tuple[float, float] = (0.95, 1.05)
    heights: tuple[float, float] = (0.68, 0.78)
    nominal_height: float = 0.72
    console: float = 0.0


def sample_row(random: EpisodeRandom, row: Row) -> Scene:
    """Sample a table with a row of fixtures, all of them shut or at rest.

    The axes are "distractors" (off: as few as there can be), "object_pose", "object_size",
    "object_friction" (how hard they move), "table_height" and those of `randomize_appearance`.
    """
    table = Table(height=random.uniform("table_height", row.heights, row.nominal_height))
    choice = random.stream("distractors").integers(len(row.kinds))
    kinds = row.kinds[int(choice) if random.is_on("distractors") else 0]
    colors = random.stream("objects").choice(list(COLORS), size=len(kinds), replace=False)
    rng = random.stream("object_pose")
    spacing, shift = rng.uniform(*row.spacing), rng.uniform(-row.shift, row.shift)
    fixtures = []
    for index, (kind, color) in enumerate(zip(kinds, map(str, colors), strict=True)):
        name = identifier(color, row.word)
        y = shift + spacing * (0.5 * (len(kinds) - 1) - index)
        fixtures.append(
            Fixture(
                name=name,
                kind=kind,
                color=color,
                rgb=COLORS[color],
                position=(float(rng.uniform(*row.x)), float(y), table.height + row.console),
                yaw=float(rng.uniform(-row.yaw, row.yaw)),
                scale=random.uniform("object_size", row.scales, 1.0, name),
                resistance=random.uniform("object_friction", RESISTANCES, 1.0, name),
            )
        )
    boxes = (_console(row, table, len(kinds) * spacing, shift),) if row.console else ()
    scene = Scene(table=table, fixtures=tuple(fixtures), boxes=boxes)
    return randomize_appearance(scene, random)


def _console(row: Row, table: Table, width: float, shift: float) -> StaticBox:
    middle, depth = 0.5 * sum(row.x), row.x[1] - row.x[0] + CONSOLE_MARGIN
    position = (middle, shift, table.height + 0.5 * row.console)
    return StaticBox("console", "white", COLORS["white"], (depth, width, row.console), position)
