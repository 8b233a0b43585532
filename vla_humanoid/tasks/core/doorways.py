"""Walls with doorways in them, across the robot's way.

A doorway is made of `StaticBox`es: two posts and a lintel in its colour. Its lintel says where it
is, so that a scene needs no list of doorways beside its boxes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import Scene, StaticBox
from vla_humanoid.tasks.core.randomization import EpisodeRandom

COUNT = (2, 3)
"""Fewest and most doorways of a wall."""
DISTANCES, DISTANCE = (1.3, 1.9), 1.6
"""From the robot to the wall [m]."""
WIDTHS, WIDTH = (0.96, 1.10), 1.0
"""Between the posts of a doorway [m]."""
PIERS, PIER = (0.35, 0.7), 0.5
"""Wall between two doorways [m]."""
SHIFTS, SHIFT = (-0.5, 0.5), 0.0
"""Of the whole wall aside [m]."""
WING = 1.2
"""Wall beside the outer doorways [m]."""
THICKNESS, POST_THICKNESS, POST_WIDTH = 0.08, 0.12, 0.08
HEIGHT, HEADROOM = 1.75, 1.62
"""Of the wall, and under a lintel [m]."""
DEPTH = 0.3
"""How far a wall goes below the origin, to meet a floor that slopes [m]."""
WALL_COLOR = "white"
LINTEL = "_lintel"


@dataclass(frozen=True)
class Doorway:
    """A doorway in a wall that lies across x.

    Args:
        name: such as ``red_doorway``.
        color: of its frame.
        x: where the wall's middle is [m], world frame.
        y: where the doorway's middle is.
        width: between its posts [m].
    """

    name: str
    color: str
    x: float
    y: float
    width: float


def doorways(scene: Scene) -> tuple[Doorway, ...]:
    """Return the doorways of a scene, as a robot that faces them sees them from left to right."""
    found = [
        Doorway(
            name=box.name.removesuffix(LINTEL),
            color=box.color,
            x=box.position[0],
            y=box.position[1],
            width=box.size[1] - 2.0 * POST_WIDTH,
        )
        for box in scene.boxes
        if box.name.endswith(LINTEL)
    ]
    return tuple(sorted(found, key=lambda doorway: -doorway.y))


def sample_doorways(random: EpisodeRandom) -> tuple[StaticBox, ...]:
    """Sample a wall across the robot's way with doorways of different colours.

    The axes are "distractors" (off: two doorways), "object_pose" (where wall and doorways are) and
    "object_size" (how wide doorways are). The most doorways that there can be are laid out, and a
    distractor walled up again, so that their number changes nothing else.
    """
    rng = random.stream("doorways")
    names = [color for color in COLORS if color != WALL_COLOR]
    colors = [names[int(i)] for i in rng.permutation(len(names))[: COUNT[1]]]
    x = random.uniform("object_pose", DISTANCES, DISTANCE, "wall")
    widths = [random.uniform("object_size", WIDTHS, WIDTH, color) for color in colors]
    piers = [random.uniform("object_pose", PIERS, PIER, color) for color in colors]
    count = COUNT[0]
    if random.is_on("distractors"):
        count = int(random.stream("distractors").integers(*COUNT, endpoint=True))
    kept = sorted(random.stream("walled up").permutation(COUNT[1])[:count].tolist())
    widths, piers = [widths[k] for k in kept], [piers[k] for k in kept]
    total = sum(widths) + sum(piers[:-1]) + 2.0 * POST_WIDTH * count
    edge = 0.5 * total + random.uniform("object_pose", SHIFTS, SHIFT, "shift")
    found: list[Doorway] = []
    for color, width, pier in zip([colors[k] for k in kept], widths, piers, strict=True):
        middle = edge - POST_WIDTH - 0.5 * width
        found.append(Doorway(f"{color}_doorway", color, x, middle, width))
        edge -= width + 2.0 * POST_WIDTH + pier
    return (*_walls(found), *(box for doorway in found for box in _frame(doorway)))


def _frame(doorway: Doorway) -> tuple[StaticBox, ...]:
    half, middle = 0.5 * (doorway.width + POST_WIDTH), 0.5 * (HEADROOM - DEPTH)
    lintel = HEIGHT - HEADROOM
    parts = (
        ("_left_post", doorway.y + half, middle, POST_WIDTH, HEADROOM + DEPTH),
        ("_right_post", doorway.y - half, middle, POST_WIDTH, HEADROOM + DEPTH),
        (LINTEL, doorway.y, HEADROOM + 0.5 * lintel, doorway.width + 2.0 * POST_WIDTH, lintel),
    )
    return tuple(
        StaticBox(
            name=doorway.name + part,
            color=doorway.color,
            rgb=COLORS[doorway.color],
            size=(POST_THICKNESS, width, height),
            position=(doorway.x, y, z),
        )
        for part, y, z, width, height in parts
    )


def _walls(found: Sequence[Doorway]) -> tuple[StaticBox, ...]:
    """Return the pieces of wall beside and between doorways, from left to right."""
    reaches = [0.5 * doorway.width + POST_WIDTH for doorway in found]
    ends = [found[0].y + reaches[0] + WING]
    for doorway, reach in zip(found, reaches, strict=True):
        ends += [doorway.y + reach, doorway.y - reach]
    ends.append(found[-1].y - reaches[-1] - WING)
    pieces = np.reshape(ends, (-1, 2)).tolist()
    return tuple(
        StaticBox(
            name=f"wall_{number}",
            color=WALL_COLOR,
            rgb=COLORS[WALL_COLOR],
            size=(THICKNESS, left - right, HEIGHT + DEPTH),
            position=(found[0].x, 0.5 * (left + right), 0.5 * (HEIGHT - DEPTH)),
        )
        for number, (left, right) in enumerate(pieces)
    )
