"""Where to stand in front of a landmark, and whether the robot stands there."""

import math
from collections.abc import Sequence

from vla_humanoid.assets.scene import Landmark
from vla_humanoid.tasks.core.landmark_layout import footprint_radius
from vla_humanoid.tasks.core.stance import Stance, wrapped

STAND_OFF = 0.55
"""Distance from the middle of the stance to a landmark's edge when standing before it [m]."""
STAND_OFF_TOLERANCE = 0.15
"""[m]"""
FACING_TOLERANCE = math.radians(10.0)
"""Largest angle between the stance's heading and the direction to what it faces [rad]."""
ROOM = 0.45
"""Distance that a standing place keeps from the edges of other landmarks [m]."""
TURNS = tuple(math.radians(turn * sign) for turn in range(0, 181, 10) for sign in (1, -1))
"""Angles about a landmark at which a place is looked for, nearest to the robot first [rad]."""


def edge_distance(stance: Stance, landmark: Landmark) -> float:
    """Return the distance to the edge of a landmark [m], negative inside it.

    Its edge is the circle that covers it, seen from above.
    """
    return stance.distance(*landmark.position) - footprint_radius(landmark)


def is_facing(stance: Stance, landmark: Landmark) -> bool:
    """Tell whether the middle of a landmark lies straight ahead."""
    return abs(stance.bearing(*landmark.position)) <= FACING_TOLERANCE


def is_at(stance: Stance, landmark: Landmark) -> bool:
    """Tell whether a stance is at arm's length from a landmark and faces it."""
    off = edge_distance(stance, landmark) - STAND_OFF
    return abs(off) <= STAND_OFF_TOLERANCE and is_facing(stance, landmark)


def standing_place(landmark: Landmark, others: Sequence[Landmark], start: Stance) -> Stance:
    """Return where to stand before a landmark, facing it.

    Args:
        landmark: to stand before.
        others: to keep clear of.
        start: where the robot comes from; the place is on that side if there is room.
    """
    places = [_place(landmark, start, turn) for turn in TURNS]

    def room(place: Stance) -> float:
        return min((edge_distance(place, other) for other in others), default=math.inf)

    return next((place for place in places if room(place) >= ROOM), max(places, key=room))


def _place(landmark: Landmark, start: Stance, turn: float) -> Stance:
    """Return the place at an angle from the side of the landmark that the robot comes from."""
    x, y = landmark.position
    side = math.atan2(start.y - y, start.x - x) + turn
    distance = footprint_radius(landmark) + STAND_OFF
    yaw = wrapped(side + math.pi)
    return Stance(x + distance * math.cos(side), y + distance * math.sin(side), yaw)
