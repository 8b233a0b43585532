"""Doors in doorways: a leaf of the doorway's colour in each."""

from collections.abc import Sequence

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.fixtures.room_door import HINGE_MARGIN
from vla_humanoid.assets.scene import Fixture, FixtureKind, Scene
from vla_humanoid.tasks.core.doorways import Doorway, doorways
from vla_humanoid.tasks.core.fixture_row import RESISTANCES
from vla_humanoid.tasks.core.kinds import identifier
from vla_humanoid.tasks.core.randomization import EpisodeRandom

ROOM_DOORS: tuple[FixtureKind, ...] = ("left-hinged room door", "right-hinged room door")
"""By the side of the hinge, as seen by who pushes."""
DEPTH = 0.07
"""Of the leaf behind the middle of the wall [m]: its hinge is at the back of the posts."""


def hung(found: Sequence[Doorway], random: EpisodeRandom) -> tuple[Fixture, ...]:
    """Return a shut door for each doorway, hinged on either side.

    The axes are "object_pose" (the side) and "object_friction" (how hard it opens).
    """
    return tuple(_door(doorway, random) for doorway in found)


def doorway_of(door: Fixture, scene: Scene) -> Doorway:
    """Return the doorway that a door is in.

    Raises:
        ValueError: if it is in none.
    """
    for doorway in doorways(scene):
        if doorway.color == door.color:
            return doorway
    raise ValueError(f"{door.name!r} is in no doorway of this scene.")


def is_hinged_left(door: Fixture) -> bool:
    """Tell whether the hinge of a door is to the left of who pushes it."""
    return door.kind == ROOM_DOORS[0]


def _door(doorway: Doorway, random: EpisodeRandom) -> Fixture:
    name = identifier(doorway.color, "door")
    turn = random.uniform("object_pose", (-1.0, 1.0), 1.0, f"hinge of {name}")
    kind, side = (ROOM_DOORS[0], 1.0) if turn >= 0.0 else (ROOM_DOORS[1], -1.0)
    hinge = side * (0.5 - HINGE_MARGIN) * doorway.width
    return Fixture(
        name=name,
        kind=kind,
        color=doorway.color,
        rgb=COLORS[doorway.color],
        position=(doorway.x + DEPTH, doorway.y + hinge, 0.0),
        scale=doorway.width,
        resistance=random.uniform("object_friction", RESISTANCES, 1.0, name),
    )
