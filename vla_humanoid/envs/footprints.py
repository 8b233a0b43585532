"""What a scene puts on the floor, for a balance layer that must not walk into it."""

import math

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.footprints import Footprint

STEPPED_OVER = 0.15
"""What ends below this height is stepped over [m]."""
OVERHEAD = 1.5
"""What begins above this height is in nobody's way [m]."""
KNEE_ROOM, OVERHANG = 0.55, 0.10
"""Where something begins above the first of these heights, as the top of a table does, knees and
feet go under it, and the robot may stand nearer to its edge by the second [m]."""


def footprints(scene: Scene) -> list[Footprint]:
    """Return the outlines, seen from above, of everything in a scene that stands on the floor."""
    found = [
        Footprint(mark.position, radius=mark.scale * LANDMARKS[mark.shape].radius)
        for mark in scene.landmarks
    ]
    if scene.table is not None:
        length, width = scene.table.size
        found.append(Footprint(scene.table.position, _under((0.5 * length, 0.5 * width))))
    for box in scene.boxes:
        x, y, z = box.position
        top = z + 0.5 * box.size[2]
        half_size = _around((0.5 * box.size[0], 0.5 * box.size[1]), box.yaw)
        if 0.0 < top <= STEPPED_OVER:
            found.append(Footprint((x, y), half_size, height=top))
        elif top > STEPPED_OVER and z - 0.5 * box.size[2] < OVERHEAD:
            overhangs = z - 0.5 * box.size[2] > KNEE_ROOM
            found.append(Footprint((x, y), _under(half_size) if overhangs else half_size))
    for fixture in scene.fixtures:
        x, y, z = fixture.position
        if z < OVERHEAD:
            half_x, half_y = FIXTURES[fixture.kind].half_extent
            half_size = _around((fixture.scale * half_x, fixture.scale * half_y), fixture.yaw)
            found.append(Footprint((x, y), half_size))
    return found


def _under(half_size: tuple[float, float]) -> tuple[float, float]:
    """Return half the size of what is left of a table top for one who may stand under its edge."""
    x, y = half_size
    return max(x - OVERHANG, 0.0), max(y - OVERHANG, 0.0)


def _around(half_size: tuple[float, float], yaw: float) -> tuple[float, float]:
    """Return half the size of the upright rectangle around one that is turned."""
    x, y = half_size
    cosine, sine = abs(math.cos(yaw)), abs(math.sin(yaw))
    return cosine * x + sine * y, sine * x + cosine * y
