"""What is drawn over a scene, as plain data that any viewer can draw."""

from dataclasses import dataclass
from typing import TypeAlias

from vla_humanoid.schema import FloatArray

Color: TypeAlias = tuple[float, float, float, float]
"""Red, green, blue and opacity, each in [0, 1]."""


@dataclass(frozen=True)
class Points:
    """Some dots.

    Args:
        name: what they stand for.
        positions: [m], world frame, shape (n, 3).
        color: of all of them.
        size: diameter on the screen [px].
    """

    name: str
    positions: FloatArray
    color: Color
    size: float


@dataclass(frozen=True)
class Polyline:
    """Straight lines from point to point.

    Args:
        name: what it stands for.
        points: [m], world frame, shape (n, 3), n >= 2.
        color: of the line.
        width: on the screen [px].
        closed: whether a line leads from the last point back to the first.
    """

    name: str
    points: FloatArray
    color: Color
    width: float
    closed: bool = False


Drawing: TypeAlias = Points | Polyline
