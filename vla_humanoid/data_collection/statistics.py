"""Statistics of success rates."""

from math import sqrt
from statistics import NormalDist


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a success rate (Wilson, 1927).

    Args:
        successes: 0 <= successes <= trials.
        trials: without any, the interval is (0, 1).
        confidence: in (0, 1).

    Returns:
        Lower and upper bound in [0, 1].

    Raises:
        ValueError: if the counts contradict each other.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes out of {trials} trials is impossible")
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate = successes / trials
    scale = 1 / (1 + z**2 / trials)
    centre = scale * (rate + z**2 / (2 * trials))
    half_width = scale * z * sqrt(rate * (1 - rate) / trials + z**2 / (4 * trials**2))
    # Rounding would otherwise exclude a rate of exactly 0 or 1.
    return min(max(0.0, centre - half_width), rate), max(min(1.0, centre + half_width), rate)
