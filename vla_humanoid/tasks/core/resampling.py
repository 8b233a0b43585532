"""Scenes that must meet a constraint: drawn again until they do."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from vla_humanoid.tasks.core.placement import PlacementError
from vla_humanoid.tasks.core.randomization import EpisodeRandom

TRIES = 1000
"""Times a scene is drawn before giving up."""

DrawnT = TypeVar("DrawnT")


def sample_until(
    sample: Callable[[EpisodeRandom], DrawnT],
    random: EpisodeRandom,
    objection: Callable[[DrawnT], str | None],
) -> DrawnT:
    """Draw something until there is no objection to it; the first draw is that without any.

    Args:
        sample: draws.
        random: of the episode.
        objection: says which constraint something breaks, or returns None.

    Raises:
        PlacementError: if `TRIES` draws failed; the message names the constraint that failed most.
    """
    failures: Counter[str] = Counter()
    for number in range(TRIES):
        drawn = sample(random.attempt(number))
        reason = objection(drawn)
        if reason is None:
            return drawn
        failures[reason] += 1
    ((worst, times),) = failures.most_common(1)
    raise PlacementError(
        f"No scene was found in {TRIES} tries: {times} times {worst}. Ask for another language or "
        "split, or switch on more axes of randomization."
    )
