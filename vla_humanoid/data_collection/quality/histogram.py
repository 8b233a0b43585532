"""Counts of values in bins that are known beforehand, so that memory stays flat."""

import numpy as np
from numpy.typing import NDArray

BINS = 40


class Histogram:
    """Counts of numbers.

    Args:
        low: of the first bin.
        high: of the last bin; what lies outside counts in the bin that is nearest.
        bins: number of them.
    """

    def __init__(self, low: float, high: float, bins: int = BINS) -> None:
        self.low, self.high = low, high
        self.counts: NDArray[np.int64] = np.zeros(bins, np.int64)

    def add(self, values: NDArray[np.generic]) -> None:
        """Count values of any shape; those that are not finite are left out."""
        numbers = values.astype(np.float64).ravel()
        numbers = numbers[np.isfinite(numbers)]
        places = _places(numbers, self.low, self.high, len(self.counts))
        self.counts += np.bincount(places, minlength=len(self.counts))


class HeatMap:
    """Counts of points of a plane.

    Args:
        x: bounds of the first coordinate.
        y: bounds of the second.
        bins: number of them along each.
    """

    def __init__(self, x: tuple[float, float], y: tuple[float, float], bins: int = BINS) -> None:
        self.x, self.y = x, y
        self.counts: NDArray[np.int64] = np.zeros((bins, bins), np.int64)

    def add(self, points: NDArray[np.generic]) -> None:
        """Count points, shape (n, 2); ``counts[i, j]`` has bin i of x and bin j of y."""
        numbers = points.astype(np.float64)
        numbers = numbers[np.isfinite(numbers).all(axis=1)]
        bins = len(self.counts)
        rows = _places(numbers[:, 0], *self.x, bins)
        columns = _places(numbers[:, 1], *self.y, bins)
        np.add.at(self.counts, (rows, columns), 1)


def _places(numbers: NDArray[np.float64], low: float, high: float, bins: int) -> NDArray[np.int64]:
    places = np.floor((np.clip(numbers, low, high) - low) / (high - low) * bins)
    return np.clip(places, 0, bins - 1).astype(np.int64)
