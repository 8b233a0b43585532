"""A line of straight pieces on the floor, measured along its length."""

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from vla_humanoid.schema import FloatArray


class Polyline:
    """Straight pieces from corner to corner, x and y [m].

    Args:
        points: corners, two or more, each apart from the one before.
    """

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._points = np.array(points, dtype=float)
        steps = np.diff(self._points, axis=0)
        lengths = np.hypot(*steps.T)
        self._directions = steps / lengths[:, None]
        self._starts = np.concatenate([[0.0], np.cumsum(lengths)])

    @property
    def length(self) -> float:
        """From start to end [m]."""
        return float(self._starts[-1])

    @cached_property
    def headings(self) -> tuple[float, ...]:
        """Of each piece [rad], world frame."""
        return tuple(math.atan2(dy, dx) for dx, dy in self._directions.tolist())

    def at(self, along: float) -> tuple[float, float]:
        """Return the point that lies so far along the line [m]; beyond its ends, the ends."""
        piece = self._piece(along)
        x, y = (
            self._points[piece]
            + (min(max(along, 0.0), self.length) - self._starts[piece]) * self._directions[piece]
        )
        return float(x), float(y)

    def heading(self, along: float) -> float:
        """Return where the line leads at a distance along it [rad]."""
        return self.headings[self._piece(along)]

    def nearest(
        self, x: float, y: float, low: float = 0.0, high: float = math.inf
    ) -> tuple[float, float]:
        """Return the point of a part of the line that is nearest to a given one.

        Args:
            x: of the given point [m].
            y: of the given point [m].
            low: where the part begins along the line [m].
            high: where it ends [m].

        Returns:
            Where it lies along the line, and how far from the given point [m].
        """
        low, high = max(low, 0.0), min(high, self.length)
        found = (low, math.dist(self.at(low), (x, y)))
        for piece, (start, end) in enumerate(pairwise(self._starts.tolist())):
            if end < low or start > high:
                continue
            offset: FloatArray = np.array([x, y]) - self._points[piece]
            along = start + float(offset @ self._directions[piece])
            along = min(max(along, start, low), end, high)
            distance = math.dist(self.at(along), (x, y))
            if distance < found[1]:
                found = (along, distance)
        return found

    def _piece(self, along: float) -> int:
        inside = int(np.searchsorted(self._starts, along, side="right")) - 1
        return min(max(inside, 0), len(self._directions) - 1)
