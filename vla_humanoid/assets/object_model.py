"""What is known of a shape of object."""

import math
from dataclasses import dataclass

from vla_humanoid.assets.parts import Part
from vla_humanoid.assets.scene import Vec3

PINCH_DEPTH = 0.028
"""How far below their tops things are pinched, unless their form asks for another place [m]."""
ALONG_X, ALONG_Y = 0.0, 0.5 * math.pi


@dataclass(frozen=True)
class ObjectModel:
    """What is known of a shape, at scale 1.

    Args:
        size: extent of the bounding box along x, y, z [m].
        half_height: height of the origin above the table it stands on [m].
        footprint_radius: of the circle about the origin that covers it, seen from above [m].
        mass: nominal [kg].
        grasp_height: of the pinch centre above the origin, for a hand from above [m].
        grasp_width: distance between thumb and fingers there [m].
        grasp_yaws: angles from the x axis, in [0, pi), of the horizontal lines along which thumb
            and fingers can close on it from either end [rad]; None where any will do.
        parts: what it is made of.
        rolls: whether it rests on a round side, and needs rolling friction to come to rest.
    """

    size: Vec3
    half_height: float
    footprint_radius: float
    mass: float
    grasp_height: float
    grasp_width: float
    grasp_yaws: tuple[float, ...] | None
    parts: tuple[Part, ...]
    rolls: bool = False

    @property
    def bounding_radius(self) -> float:
        """Radius of the sphere about the origin that covers it [m]."""
        return math.hypot(self.footprint_radius, self.half_height)
