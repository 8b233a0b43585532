"""How much of a mark on the table a sponge has been drawn over."""

import math

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Table, TableMark
from vla_humanoid.schema import FloatArray, WorldState
from vla_humanoid.tasks.core.geometry import rotate

POINTS = 200
"""How many points of a mark are followed; each stands for the same area."""
GAP = 0.005
"""Between the sponge's underside and the table where it still wipes [m]."""
SLOWEST = 0.02
"""A sponge that moves more slowly than this along the table lies there and wipes nothing [m/s]."""
MOST_TILT = math.radians(30.0)
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))


class Wiping:
    """Follows which part of a mark a sponge has passed over, lying on the table and moving.

    Args:
        mark: on the table.
        sponge: its underside wipes.
        table: that it lies on.
    """

    def __init__(self, mark: TableMark, sponge: GraspableObject, table: Table) -> None:
        order = np.arange(POINTS) + 0.5
        radius, angle = mark.radius * np.sqrt(order / POINTS), GOLDEN_ANGLE * order
        spots = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
        self._points: FloatArray = spots + np.array(mark.position)
        self._is_wiped = np.zeros(POINTS, dtype=bool)
        self._sponge = sponge
        self._height = table.height

    @property
    def share(self) -> float:
        """Share of the mark's area that has been wiped."""
        return float(self._is_wiped.mean())

    def update(self, state: WorldState) -> float:
        """Take where the sponge is now; return `share`."""
        body = state.objects[self._sponge.name]
        if math.hypot(*body.twist.linear[:2].tolist()) >= SLOWEST:
            self._is_wiped |= self._under(body.pose.position, body.pose.quat_wxyz)
        return self.share

    def _under(self, position: FloatArray, quat_wxyz: FloatArray) -> np.ndarray:
        """Tell of each point whether the sponge's underside is on it."""
        rotation = np.column_stack([rotate(quat_wxyz, axis) for axis in np.eye(3)])
        if rotation[2, 2] < math.cos(MOST_TILT):
            return np.zeros(POINTS, dtype=bool)
        half = 0.5 * self._sponge.scale * np.array(OBJECTS[self._sponge.shape].size)
        offset = self._points - position[:2]
        # Height above the table of the plane of the underside, over each point.
        below = (half[2] + offset @ rotation[:2, 2]) / rotation[2, 2]
        height = position[2] - below - self._height
        local = np.column_stack([offset, -below]) @ rotation
        is_within = np.all(np.abs(local[:, :2]) <= half[:2], axis=1)
        return is_within & (height <= GAP)
