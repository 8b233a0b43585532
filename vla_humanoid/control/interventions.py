"""What the balance layer did otherwise than it was told, counted and explained."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal, TypeAlias

Reason: TypeAlias = Literal[
    "not_finite",
    "out_of_bounds",
    "velocity_limited",
    "obstacle_ahead",
    "steps_dropped",
    "walk_slowed",
    "arms_near_while_walking",
    "height_while_walking",
    "arms_slowed",
    "hold",
    "crouch",
    "sit",
    "relaxed_limits",
]


@dataclass(frozen=True)
class Intervention:
    """One thing that was done otherwise.

    Args:
        reason: which rule it was.
        explanation: a sentence with the numbers that led to it.
    """

    reason: Reason
    explanation: str


class Interventions:
    """Counts interventions since the last reset and keeps the latest of each kind."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.latest: dict[str, str] = {}
        self._active: set[str] = set()

    def add(self, intervention: Intervention) -> None:
        """Count one intervention."""
        self.counts[intervention.reason] += 1
        self.latest[intervention.reason] = intervention.explanation

    def begin(self, intervention: Intervention) -> None:
        """Count an intervention that lasts once, until it is ended; keep its words up to date."""
        self.latest[intervention.reason] = intervention.explanation
        if intervention.reason not in self._active:
            self._active.add(intervention.reason)
            self.counts[intervention.reason] += 1

    def end(self, reason: Reason) -> None:
        """Say that a lasting intervention is over."""
        self._active.discard(reason)
