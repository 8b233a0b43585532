"""Statistics of a feature over all steps, as trainers normalize by them: true ones, not estimates.

Quantiles interpolate linearly between the two nearest values, as `numpy.quantile` does.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUANTILES: Mapping[str, float] = {"q01": 0.01, "q10": 0.1, "q50": 0.5, "q90": 0.9, "q99": 0.99}


@dataclass(frozen=True)
class Statistics:
    """Of a feature with D entries; each array has shape (D,).

    Args:
        count: of steps.
        minimum: smallest values.
        maximum: largest values.
        mean: averages.
        std: standard deviations of the population.
        quantiles: by the names of `QUANTILES`.
    """

    count: int
    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    quantiles: Mapping[str, NDArray[np.float64]]

    def part(self, start: int, stop: int) -> "Statistics":
        """Return those of some of the entries."""
        return Statistics(
            self.count,
            self.minimum[start:stop],
            self.maximum[start:stop],
            self.mean[start:stop],
            self.std[start:stop],
            {name: values[start:stop] for name, values in self.quantiles.items()},
        )

    def named(self) -> dict[str, NDArray[np.float64]]:
        """Return everything but the count by the names that LeRobot gives."""
        return {
            "min": self.minimum,
            "max": self.maximum,
            "mean": self.mean,
            "std": self.std,
            **self.quantiles,
        }


def neighbours(quantile: float, count: int) -> tuple[int, int, float]:
    """Return between which two of ``count`` sorted values a quantile lies, and how far along."""
    position = quantile * (count - 1)
    lower = math.floor(position)
    return lower, min(lower + 1, count - 1), position - lower


def array_statistics(rows: NDArray[np.generic]) -> Statistics:
    """Return the statistics of rows that fit into memory, shape (N, D) or (N,), N >= 1."""
    values = rows.astype(np.float64).reshape(len(rows), -1)
    levels = np.quantile(values, list(QUANTILES.values()), axis=0)
    return Statistics(
        len(values),
        values.min(axis=0),
        values.max(axis=0),
        values.mean(axis=0),
        values.std(axis=0),
        dict(zip(QUANTILES, levels, strict=True)),
    )


def counted_statistics(
    values: NDArray[np.generic], counts: Sequence[NDArray[np.int64]], count: int
) -> Statistics:
    """Return the statistics of values that are known by how often they occur.

    Args:
        values: sorted, shape (V,).
        counts: how often each occurs, shape (V,), once for each of the D entries.
        count: of steps; a step may hold several values.
    """
    numbers = values.astype(np.float64)
    entries = [_counted(numbers, entry) for entry in counts]
    levels = {name: np.array([entry[4 + k] for entry in entries]) for k, name in _named_levels()}
    low, high, mean, std = (np.array([entry[k] for entry in entries]) for k in range(4))
    return Statistics(count, low, high, mean, std, levels)


def _named_levels() -> list[tuple[int, str]]:
    return list(enumerate(QUANTILES))


def _counted(values: NDArray[np.float64], counts: NDArray[np.int64]) -> tuple[float, ...]:
    total = int(counts.sum())
    there = values[counts > 0]
    mean = float(values @ counts) / total
    std = math.sqrt(float(np.square(values - mean) @ counts) / total)
    up_to = np.cumsum(counts)

    def at(rank: int) -> float:
        return float(values[np.searchsorted(up_to, rank, side="right")])

    levels: list[float] = []
    for quantile in QUANTILES.values():
        lower, upper, along = neighbours(quantile, total)
        levels.append(at(lower) + along * (at(upper) - at(lower)))
    return (float(there[0]), float(there[-1]), mean, std, *levels)


def index_statistics(count: int) -> Statistics:
    """Return the statistics of 0, 1, ..., count - 1."""
    last = count - 1
    return Statistics(
        count,
        np.array([0.0]),
        np.array([float(last)]),
        np.array([last / 2]),
        np.array([math.sqrt((count * count - 1) / 12)]),
        {name: np.array([quantile * last]) for name, quantile in QUANTILES.items()},
    )
