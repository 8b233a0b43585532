"""What stands on the floor around the robot, seen from above."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vla_humanoid.schema import FloatArray


@dataclass(frozen=True)
class Footprint:
    """A rectangle with rounded corners; a circle where it has no length.

    Args:
        center: [m], world frame.
        half_size: half its length along x and y before rounding [m].
        radius: of the rounding, which adds to the size [m].
        height: of what is low enough to be stepped over [m]; infinite for anything else.
    """

    center: tuple[float, float]
    half_size: tuple[float, float] = (0.0, 0.0)
    radius: float = 0.0
    height: float = math.inf

    @property
    def is_low(self) -> bool:
        """Whether it is stepped over instead of walked around."""
        return self.height < math.inf


class Footprints:
    """A set of footprints that can be asked for the distance to the nearest.

    Args:
        footprints: any number; low ones are left out.
    """

    def __init__(self, footprints: Sequence[Footprint] = ()) -> None:
        footprints = [item for item in footprints if not item.is_low]
        self._centers = np.array([item.center for item in footprints]).reshape(-1, 2)
        self._halves = np.array([item.half_size for item in footprints]).reshape(-1, 2)
        self._radii = np.array([item.radius for item in footprints])

    def clearance(self, point: FloatArray) -> float:
        """Return the distance from a point, shape (2,), to the nearest edge [m].

        It is infinite where there is nothing, and negative within a rounding.
        """
        if len(self._radii) == 0:
            return math.inf
        beyond = np.maximum(np.abs(point - self._centers) - self._halves, 0.0)
        return float((np.hypot(beyond[:, 0], beyond[:, 1]) - self._radii).min())
