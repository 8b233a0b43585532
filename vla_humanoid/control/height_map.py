"""Heights of the ground on a grid: where a sole can stand, and how far obstacles are."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.footsteps import Footstep
from vla_humanoid.schema import FloatArray

LEVEL = 0.01
"""Largest difference of height under a sole that stands on one level [m]."""
SOLE_MARGIN = 0.01
"""What a sole keeps from an edge, since it does not land to the millimetre [m]."""
FAR = 1.0
"""Distances to obstacles are known up to this one [m]."""
RISE_WITHIN = 0.10
"""An obstacle rises within this distance [m]; the treads of stairs are deeper than this."""


class OutsideMap(ValueError):
    """A height was asked for where the map has none."""


@dataclass(frozen=True, eq=False)
class HeightMap:
    """Heights of the ground, constant over each cell of a grid.

    Args:
        heights: of the cells [m], world frame, shape (cells along x, cells along y).
        origin: corner of the first cell [m], world frame, (x, y).
        resolution: edge of a cell [m].
        climb: what rises by more than this from the ground around it is an obstacle [m].

    Raises:
        ValueError: if the grid is empty or has heights that are not finite, if the resolution
            is not positive or the climb negative, or if the origin is not two finite numbers.
    """

    heights: FloatArray
    origin: tuple[float, float]
    resolution: float
    climb: float = 0.06

    def __post_init__(self) -> None:
        if self.heights.ndim != 2 or min(self.heights.shape) < 2:
            raise ValueError(
                f"a height map needs a grid of 2 x 2 cells or more, not {self.heights.shape}"
            )
        if not np.isfinite(self.heights).all():
            raise ValueError("a height map has heights that are not finite; fill the holes first")
        if not (0.0 < self.resolution < math.inf and self.climb >= 0.0):
            raise ValueError(
                f"a height map needs a resolution above 0 and a climb of 0 or more, "
                f"not {self.resolution} and {self.climb}"
            )
        if np.shape(self.origin) != (2,) or not np.isfinite(self.origin).all():
            raise ValueError(f"a height map needs an origin (x, y) in metres, not {self.origin}")

    @staticmethod
    def flat(
        extent: tuple[tuple[float, float], tuple[float, float]],
        resolution: float = 0.02,
        height: float = 0.0,
    ) -> "HeightMap":
        """Return level ground.

        Args:
            extent: what the map covers [m], world frame, ((x low, x high), (y low, y high)).
            resolution: edge of a cell [m].
            height: of the ground [m].

        Raises:
            ValueError: if the extent is empty or not finite.
        """
        (x_low, x_high), (y_low, y_high) = extent
        is_finite = np.isfinite([*extent[0], *extent[1], resolution]).all()
        if not (is_finite and x_low < x_high and y_low < y_high and resolution > 0.0):
            raise ValueError(
                f"the extent of a height map is ((x low, x high), (y low, y high)), finite and "
                f"low below high, in cells of a size above 0; got {extent} and {resolution}"
            )
        shape = (
            max(2, math.ceil((x_high - x_low) / resolution - 1e-9)),
            max(2, math.ceil((y_high - y_low) / resolution - 1e-9)),
        )
        return HeightMap(np.full(shape, float(height)), (x_low, y_low), resolution)

    def with_box(
        self, center: FloatArray, size: tuple[float, float], yaw: float, height: float
    ) -> "HeightMap":
        """Return the map with a box added: ground below its top rises to it.

        Args:
            center: [m], world frame, shape (2,) or more.
            size: lengths along its own x and y [m].
            yaw: of its x axis [rad].
            height: of its top [m], world frame.

        Raises:
            ValueError: if a number is not finite or a length not positive.
        """
        _require_positive("box", *size)
        _require_finite("box", *center[:2], yaw, height)
        x, y = self._centers_from(center)
        ahead = math.cos(yaw) * x + math.sin(yaw) * y
        aside = math.cos(yaw) * y - math.sin(yaw) * x
        # Cells that the box only touches count as well, hence the half cell.
        half_x, half_y = (0.5 * (length + self.resolution) for length in size)
        return self._raised((np.abs(ahead) <= half_x) & (np.abs(aside) <= half_y), height)

    def with_cylinder(self, center: FloatArray, radius: float, height: float) -> "HeightMap":
        """Return the map with an upright cylinder added: ground below its top rises to it.

        Args:
            center: [m], world frame, shape (2,) or more.
            radius: [m].
            height: of its top [m], world frame.

        Raises:
            ValueError: if a number is not finite or the radius not positive.
        """
        _require_positive("cylinder", radius)
        _require_finite("cylinder", *center[:2], height)
        x, y = self._centers_from(center)
        return self._raised(np.hypot(x, y) <= radius + 0.5 * self.resolution, height)

    @property
    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the map covers [m], world frame, ((x low, x high), (y low, y high))."""
        (x, y), (rows, columns) = self.origin, self.heights.shape
        return (x, x + rows * self.resolution), (y, y + columns * self.resolution)

    def is_inside(self, xy: FloatArray) -> bool:
        """Tell whether the map covers a point [m], shape (2,) or more."""
        (x_low, x_high), (y_low, y_high) = self.extent
        return bool(x_low <= xy[0] < x_high and y_low <= xy[1] < y_high)

    def height(self, xy: FloatArray) -> float:
        """Return the height of the ground at a point [m], shape (2,) or more.

        Raises:
            OutsideMap: if the map does not cover the point.
        """
        if not self.is_inside(xy):
            raise OutsideMap(
                f"({xy[0]:.2f}, {xy[1]:.2f}) m is outside the height map, which covers "
                f"{self.describe_extent()}; choose a point within it or make a larger map"
            )
        row, column = self._cells(np.asarray(xy[:2], dtype=np.float64))
        return float(self.heights[row, column])

    def describe_extent(self) -> str:
        """Return what the map covers, for messages."""
        (x_low, x_high), (y_low, y_high) = self.extent
        return f"x {x_low:.2f} to {x_high:.2f} m and y {y_low:.2f} to {y_high:.2f} m"

    def level(self, step: Footstep) -> float | None:
        """Return the height a sole stands on, or None where it has no level ground.

        The whole sole, and a margin around it, has to be on the map and on one level to 1 cm.

        Args:
            step: its place and heading; its height does not matter.
        """
        cosine, sine = math.cos(step.yaw), math.sin(step.yaw)
        points = step.position[:2] + self._sole @ np.array([[cosine, sine], [-sine, cosine]])
        cells = self._cells(points)
        if cells.min() < 0 or (cells >= self.heights.shape).any():
            return None
        heights = self.heights[cells[:, 0], cells[:, 1]]
        highest = float(heights.max())
        return highest if highest - float(heights.min()) <= LEVEL else None

    @cached_property
    def obstacles(self) -> NDArray[np.bool_]:
        """Which cells rise higher than a step can climb from the ground around them.

        Of something wide only the rim is marked, which is what stands in the way.
        """
        reach = max(1, round(RISE_WITHIN / self.resolution))
        lowest = self.heights
        for axis in range(2):
            padded = np.pad(
                lowest, [(reach, reach) if i == axis else (0, 0) for i in range(2)], "edge"
            )
            windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=axis)
            lowest = windows.min(axis=-1)
        # A step exactly as high as the climb is none, whatever the rounding.
        return self.heights - lowest > self.climb + 1e-9

    def clearance(self, points: FloatArray) -> FloatArray:
        """Return how far points are from the nearest obstacle [m], at most ``FAR``.

        Args:
            points: [m], world frame, shape (n, 2), on the map.

        Returns:
            Distances, shape (n,), 0 within an obstacle; too small by a cell at most.
        """
        # Interpolated between the centres of the cells.
        place = (points - self.origin) / self.resolution - 0.5
        place = np.clip(place, 0.0, np.array(self.heights.shape) - 1.0 - 1e-9)
        first = place.astype(np.intp)
        x, y = (place - first).T
        i, j = first.T
        field = self._distances
        near = (1.0 - y) * field[i, j] + y * field[i, j + 1]
        far = (1.0 - y) * field[i + 1, j] + y * field[i + 1, j + 1]
        distances = (1.0 - x) * near + x * far
        # Obstacles reach from the centre of a cell to its edge.
        return np.maximum(0.0, distances - 0.5 * self.resolution)

    @cached_property
    def _distances(self) -> FloatArray:
        """Distance of each cell's centre to that of the nearest obstacle [m], at most ``FAR``."""
        limit = math.ceil(FAR / self.resolution)
        along = _distance_along_rows(self.obstacles).astype(np.float64)
        squares = np.minimum(along, limit) ** 2
        nearest = squares.copy()
        for shift in range(1, min(limit, len(squares) - 1) + 1):
            moved = squares + float(shift**2)
            np.minimum(nearest[shift:], moved[:-shift], out=nearest[shift:])
            np.minimum(nearest[:-shift], moved[shift:], out=nearest[:-shift])
        return np.minimum(np.sqrt(nearest) * self.resolution, FAR)

    @cached_property
    def _sole(self) -> FloatArray:
        """Points that cover a sole and its margin, in its own axes [m], shape (n, 2)."""
        figures = g1()
        corners = np.array(figures.sole_corners)[:, :2]
        low = corners.min(axis=0) - figures.contact_radius - SOLE_MARGIN
        high = corners.max(axis=0) + figures.contact_radius + SOLE_MARGIN
        axes = [
            np.linspace(a, b, math.ceil((b - a) / self.resolution) + 1)
            for a, b in zip(low, high, strict=True)
        ]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)

    def _cells(self, points: FloatArray) -> NDArray[np.intp]:
        return np.floor((points - self.origin) / self.resolution).astype(np.intp)

    def _centers_from(self, center: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the offsets of all cells' centres from a point [m], broadcastable."""
        rows, columns = self.heights.shape
        x = self.origin[0] + (np.arange(rows) + 0.5) * self.resolution - float(center[0])
        y = self.origin[1] + (np.arange(columns) + 0.5) * self.resolution - float(center[1])
        return x[:, None], y[None, :]

    def _raised(self, cells: NDArray[np.bool_], height: float) -> "HeightMap":
        return replace(
            self, heights=np.where(cells, np.maximum(self.heights, height), self.heights)
        )


def _distance_along_rows(marked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return how many cells each is from the nearest marked one in its row."""
    count = marked.shape[1]
    index = np.arange(count)
    far = 2 * count + 10**6
    before = np.maximum.accumulate(np.where(marked, index, -far), axis=1)
    after = np.minimum.accumulate(np.where(marked, index, far)[:, ::-1], axis=1)[:, ::-1]
    return np.minimum(index - before, after - index)


def _require_positive(shape: str, *lengths: float) -> None:
    if not all(0.0 < length < math.inf for length in lengths):
        raise ValueError(f"a {shape} on a height map needs sizes above 0 [m], not {lengths}")


def _require_finite(shape: str, *numbers: float) -> None:
    if not np.isfinite(numbers).all():
        raise ValueError(
            f"a {shape} on a height map needs a finite place, yaw and height, "
            f"not {[float(number) for number in numbers]}"
        )
