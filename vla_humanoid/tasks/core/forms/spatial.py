"""Where things are to each other as the robot sees them, where that is clear."""

import math
from typing import Literal, TypeAlias, get_args

Relation: TypeAlias = Literal["left", "right", "behind", "before", "nearest", "farthest"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)

LEAST_OFFSET = 0.12
"""Least offset along a direction that is clear, as a part of the mean distance from the robot."""
CLEAR_ANGLE = math.radians(38.0)
"""Largest angle between an offset and a direction in which it clearly is."""
UNCLEAR_ANGLE = math.radians(55.0)
"""Angle from which on it clearly is not."""
IN_VIEW = math.radians(100.0)
"""Largest bearing of things whose relation is spoken of [rad]."""
CLEAR_RATIO = 1.3
"""Least ratio between distances of which one is clearly smaller."""
CLEAR_DIFFERENCE = 0.04
"""Least difference between them [m]."""

Point: TypeAlias = tuple[float, float]
_DIRECTIONS: dict[Relation, Point] = {
    "left": (1.0, 0.0),
    "right": (-1.0, 0.0),
    "behind": (0.0, 1.0),
    "before": (0.0, -1.0),
}


def holds(
    relation: Relation, place: Point, anchor: Point, others: tuple[Point, ...]
) -> bool | None:
    """Tell whether a place has a relation to an anchor, as seen from the origin along +x.

    Args:
        relation: "left", "right", "behind" and "before" are offsets in bearing and in distance from
            the robot; "nearest" and "farthest" compare with the others.
        place: x and y [m], world frame.
        anchor: likewise.
        others: places that it might be confused with.

    Returns:
        True or False where that is clear, else None.
    """
    if relation in ("nearest", "farthest"):
        return _is_extreme(relation == "nearest", place, anchor, others)
    sideways, depth, scale = _offset(place, anchor)
    if max(_bearing(place), _bearing(anchor)) > IN_VIEW:
        return None
    x, y = _DIRECTIONS[relation]
    length = math.hypot(sideways, depth)
    if length == 0.0:
        return False
    angle = math.acos(max(-1.0, min(1.0, (x * sideways + y * depth) / length)))
    if angle >= UNCLEAR_ANGLE:
        return False
    return True if angle <= CLEAR_ANGLE and length >= LEAST_OFFSET * scale else None


def _offset(place: Point, anchor: Point) -> tuple[float, float, float]:
    """Return how far a place is to the left of an anchor and beyond it, and their scale [m]."""
    far, reference = math.hypot(*place), math.hypot(*anchor)
    turn = math.atan2(place[1], place[0]) - math.atan2(anchor[1], anchor[0])
    scale = 0.5 * (far + reference)
    return scale * math.remainder(turn, 2.0 * math.pi), far - reference, scale


def _bearing(place: Point) -> float:
    return abs(math.atan2(place[1], place[0]))


def _is_extreme(
    is_nearest: bool, place: Point, anchor: Point, others: tuple[Point, ...]
) -> bool | None:
    own = math.dist(place, anchor)
    rest = [math.dist(other, anchor) for other in others]
    small, large = (own, min(rest)) if is_nearest else (max(rest), own)
    if large >= CLEAR_RATIO * small and large >= small + CLEAR_DIFFERENCE:
        return True
    return False if large < small else None
