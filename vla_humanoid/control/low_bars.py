"""Low bars across the way: footsteps beside them, and how high a foot is lifted over them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.footprints import Footprint
from vla_humanoid.control.footsteps import Footstep, StepReach, turned
from vla_humanoid.schema import FloatArray

MARGIN = 0.035
"""Kept between a sole that is planned to land and a bar [m]."""
LEAST_MARGIN = 0.015
"""Kept by one that lands elsewhere for the sake of balance [m]."""
SAMPLES = np.linspace(0.0, 1.0, 9)
"""Places along a foot's way at which it is looked for bars."""


class LowBars:
    """Boxes that are low enough to be stepped over.

    Args:
        footprints: what stands on the floor; only those of a finite height are minded.
    """

    def __init__(self, footprints: Sequence[Footprint] = ()) -> None:
        self.set(footprints)

    def set(self, footprints: Sequence[Footprint]) -> None:
        """Take what stands on the floor from now on."""
        self._bars = tuple(item for item in footprints if item.is_low)

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._bars)

    def cleared(self, support: Footstep, wanted: Footstep, reach: StepReach) -> Footstep:
        """Return a step that does not land on a bar: over it where it can be reached.

        Args:
            support: the foot that stands meanwhile.
            wanted: the step as it would be without bars.
            reach: of a step.
        """
        for bar in self._bars:
            if not _overlaps(bar, wanted.position, wanted.yaw, MARGIN):
                continue
            axis = _across(bar)
            before, behind = _free(bar, wanted.yaw, MARGIN, axis)
            comes_from_below = support.position[axis] < bar.center[axis]
            order = (behind, before) if comes_from_below else (before, behind)
            steps = [_moved(wanted, axis, place) for place in order]
            wanted = next((step for step in steps if reach.allows(support, step)), steps[-1])
        return wanted

    def landing(self, position: FloatArray, planned: Footstep) -> FloatArray:
        """Return a landing, shape (2,), moved off the bars to the side where it was planned [m]."""
        for bar in self._bars:
            if _overlaps(bar, position, planned.yaw, LEAST_MARGIN):
                axis = _across(bar)
                before, behind = _free(bar, planned.yaw, LEAST_MARGIN, axis)
                is_before = planned.position[axis] < bar.center[axis]
                position = position.copy()
                position[axis] = before if is_before else behind
        return position

    def height_between(self, start: Footstep, goal: Footstep) -> float:
        """Return the height of the highest bar that a sole passes over on its way, or 0 [m]."""
        if not self._bars:
            return 0.0
        way = goal.position[:2] - start.position[:2]
        heights = [
            bar.height
            for bar in self._bars
            if any(
                _overlaps(bar, start.position[:2] + share * way, goal.yaw, 0.0) for share in SAMPLES
            )
        ]
        return max(heights, default=0.0)


def _across(bar: Footprint) -> int:
    """Return the axis along which a bar is stepped over: that of its shorter side."""
    return 0 if bar.half_size[0] <= bar.half_size[1] else 1


def _overlaps(bar: Footprint, position: FloatArray, yaw: float, margin: float) -> bool:
    """Tell whether a sole, with a margin [m], is over a bar."""
    bounds = (_free(bar, yaw, margin, axis) for axis in range(2))
    return all(low < position[axis] < high for axis, (low, high) in enumerate(bounds))


def _free(bar: Footprint, yaw: float, margin: float, axis: int) -> tuple[float, float]:
    """Return how far a sole may come to a bar along an axis from below, and from above [m]."""
    low, high = _extent(yaw)[axis]
    center, half = bar.center[axis], bar.half_size[axis] + bar.radius + margin
    return center - half - high, center + half - low


@lru_cache(maxsize=256)
def _extent(yaw: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return how far a sole reaches from its origin along x and y [m], both ways."""
    figures = g1()
    corners = np.array([turned(np.array(corner[:2]), yaw) for corner in figures.sole_corners])
    low = corners.min(axis=0) - figures.contact_radius
    high = corners.max(axis=0) + figures.contact_radius
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _moved(step: Footstep, axis: int, place: float) -> Footstep:
    position = step.position.copy()
    position[axis] = place
    return replace(step, position=position)
