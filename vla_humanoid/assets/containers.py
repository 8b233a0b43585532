"""The library of containers, as plain data; no engine is imported.

A container's frame has its origin in the middle of its underside, z up: its position is where it
stands on the table.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from vla_humanoid.assets.meshes import revolved
from vla_humanoid.assets.parts import FOOT_HEIGHT, Box, Part, feet, hidden_cylinder, look
from vla_humanoid.assets.scene import ContainerShape
from vla_humanoid.assets.walls import ring_of_walls


@dataclass(frozen=True)
class Disc:
    """A round region about the origin."""

    radius: float

    def covers(self, x: float, y: float) -> bool:
        """Tell whether a point is inside [m]."""
        return math.hypot(x, y) <= self.radius


@dataclass(frozen=True)
class Rectangle:
    """A region about the origin, along the axes."""

    half_x: float
    half_y: float

    def covers(self, x: float, y: float) -> bool:
        """Tell whether a point is inside [m]."""
        return abs(x) <= self.half_x and abs(y) <= self.half_y


Region: TypeAlias = Disc | Rectangle


@dataclass(frozen=True)
class ContainerModel:
    """What is known of a container, at scale 1.

    Args:
        inner: where the origin of an object is when it is in or on the container, seen from above.
        floor_height: of the surface that things rest on, above the origin [m].
        rim_height: of its highest point above the origin [m].
        footprint_radius: of the circle about the origin that covers it, seen from above [m].
        mass: nominal [kg].
        parts: what it is made of.
    """

    inner: Region
    floor_height: float
    rim_height: float
    footprint_radius: float
    mass: float
    parts: tuple[Part, ...]


def _plate() -> ContainerModel:
    radius, well, floor, rim = 0.100, 0.072, 0.006, 0.018
    return ContainerModel(
        inner=Disc(0.085),
        floor_height=floor,
        rim_height=rim,
        footprint_radius=radius,
        mass=0.35,
        parts=(
            hidden_cylinder(well, FOOT_HEIGHT, floor, mass_share=0.6),
            *feet(well, 0.0),
            *ring_of_walls(8, (well, floor), (radius - 0.002, rim), 0.005, mass_share=0.4),
            look(
                revolved(
                    [
                        (well - 0.002, 0.0),
                        (radius, rim - 0.003),
                        (radius, rim),
                        (radius - 0.004, rim),
                        (well, floor),
                    ]
                ),
                finish="ceramic",
            ),
            look(
                revolved([(well, floor), (well - 0.004, floor + 0.001)]),
                shade=0.7,
                finish="ceramic",
            ),
            look(
                revolved([(well - 0.006, floor), (well - 0.006, floor + 0.0015)]),
                finish="ceramic",
            ),
        ),
    )


def _bowl() -> ContainerModel:
    radius, base, floor, rim = 0.092, 0.058, 0.007, 0.052
    middle, height = 0.080, 0.025
    return ContainerModel(
        inner=Disc(0.075),
        floor_height=floor,
        rim_height=rim,
        footprint_radius=radius,
        mass=0.35,
        parts=(
            hidden_cylinder(base + 0.004, FOOT_HEIGHT, floor, mass_share=0.4),
            *feet(base, 0.0),
            *ring_of_walls(8, (base, floor), (middle - 0.003, height), 0.004, mass_share=0.3),
            *ring_of_walls(
                8, (middle - 0.004, height - 0.002), (radius - 0.004, rim), 0.004, mass_share=0.3
            ),
            look(
                revolved(
                    [
                        (base, 0.0),
                        (base + 0.003, 0.004),
                        (middle, height - 0.004),
                        (radius - 0.004, 0.040),
                        (radius, rim),
                        (radius - 0.004, rim),
                        (radius - 0.009, 0.040),
                        (middle - 0.004, height),
                        (base, floor),
                    ]
                ),
                finish="ceramic",
            ),
        ),
    )


def _bin() -> ContainerModel:
    half, wall, floor, rim = 0.078, 0.004, 0.005, 0.062
    return ContainerModel(
        inner=Rectangle(half - wall, half - wall),
        floor_height=floor,
        rim_height=rim,
        footprint_radius=half * math.sqrt(2.0),
        mass=0.30,
        parts=_open_box(half, half, wall, floor, rim),
    )


def _tray() -> ContainerModel:
    half_x, half_y, wall, floor, rim = 0.068, 0.088, 0.006, 0.006, 0.022
    return ContainerModel(
        inner=Rectangle(half_x - wall, half_y - wall),
        floor_height=floor,
        rim_height=rim,
        footprint_radius=math.hypot(half_x, half_y),
        mass=0.35,
        parts=_open_box(half_x, half_y, wall, floor, rim),
    )


def _open_box(
    half_x: float, half_y: float, wall: float, floor: float, rim: float
) -> tuple[Part, ...]:
    """Return a floor and four walls that are both drawn and collide."""
    walls: list[Part] = []
    half_wall, half_rim = 0.5 * wall, 0.5 * rim
    # The walls hang a little above the table, so that the floor alone rests on it.
    lifted = half_rim + 0.5 * FOOT_HEIGHT
    half_wall_height = half_rim - 0.5 * FOOT_HEIGHT
    for side in (-1.0, 1.0):
        walls += [
            Part(
                Box((half_wall, half_y, half_wall_height)),
                (side * (half_x - half_wall), 0.0, lifted),
                mass_share=0.15,
            ),
            Part(
                Box((half_x - wall, half_wall, half_wall_height)),
                (0.0, side * (half_y - half_wall), lifted),
                mass_share=0.15,
            ),
        ]
    base = Part(
        Box((half_x - wall, half_y - wall, 0.5 * floor)), (0.0, 0.0, 0.5 * floor), mass_share=0.4
    )
    return (base, *walls)


CONTAINERS: Mapping[ContainerShape, ContainerModel] = {
    "plate": _plate(),
    "bowl": _bowl(),
    "bin": _bin(),
    "tray": _tray(),
}
"""Every container shape."""
