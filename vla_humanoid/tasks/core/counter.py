"""A counter beside a table: a slab on a foot, with containers on it."""

import math

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import Scene, StaticBox, Table
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.stance import Stance

STAND_OFF = 0.27
"""From the middle of the robot's stance to the edge of a table or counter that it works at [m]."""
DEPTH, LENGTH, THICKNESS = 0.5, 1.0, 0.05
"""Of the slab [m]."""
FOOT = (0.22, 0.5)
"""Size of what carries it, seen from above [m]."""
SLAB = "counter"
"""Name of the slab in a scene that has only one."""


def table_before(place: Stance, height: float) -> Table:
    """Return a table that a robot at a place, facing +x, works at."""
    nominal = Table()
    return Table((place.x + STAND_OFF + 0.5 * nominal.size[0], place.y), height)


def place_at_table(table: Table) -> Stance:
    """Return where to stand at a table, on its -x side."""
    return Stance(table.position[0] - 0.5 * table.size[0] - STAND_OFF, table.position[1], 0.0)


def counter_before(
    place: Stance, height: float, color: str, slab: str = SLAB
) -> tuple[StaticBox, ...]:
    """Return a counter that a robot at a place works at: the slab, then its foot.

    Args:
        place: where the robot stands, and which way it faces.
        height: of the counter's top [m].
        color: a colour name.
        slab: name of the slab; the foot is named after it.
    """
    x, y = ahead_of(place, STAND_OFF + 0.5 * DEPTH)
    under = height - THICKNESS
    sizes = (DEPTH, LENGTH, THICKNESS), (*FOOT, under)
    heights = height - 0.5 * THICKNESS, 0.5 * under
    return tuple(
        StaticBox(name, color, COLORS[color], size, (x, y, z), place.yaw)
        for name, size, z in zip((slab, f"{slab}_foot"), sizes, heights, strict=True)
    )


def slabs(scene: Scene) -> tuple[StaticBox, ...]:
    """Return the slabs of the counters of a scene."""
    return tuple(box for box in scene.boxes if box.name.endswith(SLAB))


def place_at_counter(scene: Scene, slab_name: str = SLAB) -> Stance:
    """Return where to stand at the counter of a scene."""
    slab = named(scene.boxes, slab_name)
    x, y, _ = slab.position
    back = STAND_OFF + 0.5 * DEPTH
    return Stance(x - back * math.cos(slab.yaw), y - back * math.sin(slab.yaw), slab.yaw)


def beside(place: Stance, x: float, y: float) -> Stance:
    """Return a place stepped aside until a point of the world [m] is straight ahead."""
    aside = place.distance(x, y) * math.sin(place.bearing(x, y))
    return Stance(*ahead_of(place, 0.0, aside), place.yaw)


def counter_height(scene: Scene, slab_name: str = SLAB) -> float:
    """Return the height of the top of the counter of a scene [m]."""
    slab = named(scene.boxes, slab_name)
    return slab.position[2] + 0.5 * slab.size[2]


def is_over_counter(scene: Scene, x: float, y: float, slab_name: str = SLAB) -> bool:
    """Tell whether a point [m] is within the counter's top, seen from above."""
    slab = named(scene.boxes, slab_name)
    center = Stance(*slab.position[:2], slab.yaw)
    distance, bearing = center.distance(x, y), center.bearing(x, y)
    ahead, aside = distance * math.cos(bearing), distance * math.sin(bearing)
    return abs(ahead) <= 0.5 * slab.size[0] and abs(aside) <= 0.5 * slab.size[1]


def ahead_of(place: Stance, x: float, y: float = 0.0) -> tuple[float, float]:
    """Return a point of a stance's frame [m] in the world [m]."""
    cosine, sine = math.cos(place.yaw), math.sin(place.yaw)
    turned = np.array([[cosine, -sine], [sine, cosine]]) @ (x, y)
    return place.x + float(turned[0]), place.y + float(turned[1])
