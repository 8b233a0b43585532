"""When a worker counts as stalled, and when losing workers is more than bad luck."""

import math
from collections import Counter
from dataclasses import dataclass

from vla_humanoid.data_collection.errors import ConfigurationError, GenerationError


@dataclass(frozen=True)
class StallLimit:
    """How long a worker may be silent before it is replaced.

    Workers give signs of life while they work. The longest time between two of them is measured
    all along, and a worker is given a multiple of it.

    Args:
        least: allowed in any case [s].
        factor: multiple of the longest time between two signs of life.
        start: allowed while a worker starts, and until something has been measured [s].
        losses: after so many workers lost in a row with the same attempt, or without one, the run
            stops: it is not the workers then.

    Raises:
        ConfigurationError: if one is not positive.
    """

    least: float = 60.0
    factor: float = 20.0
    start: float = 600.0
    losses: int = 3

    def __post_init__(self) -> None:
        for name in ("least", "factor", "start", "losses"):
            value = float(getattr(self, name))
            if not (math.isfinite(value) and value > 0):
                raise ConfigurationError(f"StallLimit.{name} must be positive, not {value:g}.")

    def seconds(self, longest: float | None) -> float:
        """Return how long a worker that works may be silent.

        Args:
            longest: time between two signs of life so far [s]; None before the first.
        """
        return self.start if longest is None else max(self.least, self.factor * longest)


class Losses:
    """Counts workers that died or stalled.

    Args:
        limit: in a row with the same attempt, or without one.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._in_a_row: Counter[int | None] = Counter()
        self.total = 0
        """Number of workers lost."""

    def add(self, attempt: int | None, what: str) -> None:
        """Count one.

        Args:
            attempt: that it was busy with, or None.
            what: happened to it, and when.

        Raises:
            GenerationError: if it is one too many.
        """
        self._in_a_row[attempt] += 1
        self.total += 1
        if (times := self._in_a_row[attempt]) >= self._limit:
            raise GenerationError(f"A worker {what}, {times} times in a row.")

    def forget(self, attempt: int | None) -> None:
        """Begin to count anew, for something has gone well."""
        self._in_a_row.pop(attempt, None)
