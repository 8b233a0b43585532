"""Statistics of two policies on the same seeds, beside `data_collection.statistics`."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb, sqrt
from statistics import NormalDist

from vla_humanoid.data_collection.statistics import wilson_interval


@dataclass(frozen=True)
class PairedCounts:
    """How two policies fared on the same episodes.

    Args:
        both: episodes in which both succeeded.
        first_only: in which the first did alone.
        second_only: in which the second did alone.
        neither: in which none did.
    """

    both: int
    first_only: int
    second_only: int
    neither: int

    @classmethod
    def of(cls, first: Sequence[bool], second: Sequence[bool]) -> "PairedCounts":
        """Count successes, episode by episode.

        Raises:
            ValueError: if there are more of one than of the other.
        """
        pairs = list(zip(first, second, strict=True))
        return cls(
            both=pairs.count((True, True)),
            first_only=pairs.count((True, False)),
            second_only=pairs.count((False, True)),
            neither=pairs.count((False, False)),
        )

    @property
    def episodes(self) -> int:
        """How many there are."""
        return self.both + self.first_only + self.second_only + self.neither

    @property
    def difference(self) -> float:
        """Success rate of the first minus that of the second; 0 without episodes."""
        return (self.first_only - self.second_only) / self.episodes if self.episodes else 0.0


def mcnemar(counts: PairedCounts) -> float:
    """Return how probable so uneven a count is between equals: McNemar's exact two-sided test.

    Only episodes that one of the two alone did tell them apart (McNemar, 1947).
    """
    apart = counts.first_only + counts.second_only
    fewer = min(counts.first_only, counts.second_only)
    tail = sum(comb(apart, k) for k in range(fewer + 1)) / 2**apart
    return min(1.0, 2.0 * tail)


def difference_interval(counts: PairedCounts, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval of the difference of two paired success rates.

    Method 10 of Newcombe (1998), of the difference `PairedCounts.difference`.

    Returns:
        Lower and upper bound in [-1, 1]; all of it without episodes.
    """
    total = counts.episodes
    if total == 0:
        return -1.0, 1.0
    first, second = counts.both + counts.first_only, counts.both + counts.second_only
    low1, high1 = wilson_interval(first, total, confidence)
    low2, high2 = wilson_interval(second, total, confidence)
    rate1, rate2, phi = first / total, second / total, _correlation(counts)
    below, above = rate1 - low1, high2 - rate2
    low = sqrt(max(0.0, below**2 - 2 * phi * below * above + above**2))
    below, above = rate2 - low2, high1 - rate1
    high = sqrt(max(0.0, above**2 - 2 * phi * above * below + below**2))
    return max(-1.0, rate1 - rate2 - low), min(1.0, rate1 - rate2 + high)


def _correlation(counts: PairedCounts) -> float:
    """Return how much the two succeed together, in [-1, 1], corrected for continuity."""
    first, second = counts.both + counts.first_only, counts.both + counts.second_only
    spread = first * (counts.episodes - first) * second * (counts.episodes - second)
    if spread == 0:
        return 0.0
    excess = counts.both * counts.neither - counts.first_only * counts.second_only
    if excess > 0:
        excess = max(excess - counts.episodes / 2, 0.0)
    return excess / sqrt(spread)


def episodes_to_tell_apart(
    first: float, second: float, confidence: float = 0.95, power: float = 0.8
) -> int | None:
    """Return how many episodes of each would show that two success rates differ.

    Of independent episodes (Fleiss, 1981, without correction for continuity): on shared seeds no
    more are needed.

    Args:
        first: success rate in [0, 1].
        second: another one.
        confidence: of the test.
        power: how probable it is to be that the test shows it.

    Returns:
        A number of episodes, or None where the rates are the same.
    """
    if first == second:
        return None
    normal = NormalDist()
    z, reach = normal.inv_cdf(0.5 + confidence / 2), normal.inv_cdf(power)
    mean = (first + second) / 2
    spread = z * sqrt(2 * mean * (1 - mean))
    spread += reach * sqrt(first * (1 - first) + second * (1 - second))
    return ceil((spread / (first - second)) ** 2)
