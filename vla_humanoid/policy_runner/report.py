"""What the runner counts."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class RunReport:
    """What happened since the beginning of an episode.

    Args:
        steps: actions that were carried out.
        stale: of these, how many were made up, since the policy's were missing.
        answers: chunks that arrived and were taken.
        late: answers that came when there was no action left to carry out.
        latencies: how long each answer took [s].
        fallbacks: how often each reason began to keep the policy from acting.
        explanations: a sentence about the latest case of each.
        done_at: step at which the policy said that it had done what it was told; None if it has
            not, or is not asked to (`RunnerConfig.done`).
        wall_seconds: how long the steps took on the wall clock [s]; 0 where they were not paced.
    """

    steps: int = 0
    stale: int = 0
    answers: int = 0
    late: int = 0
    latencies: list[float] = field(default_factory=list)
    fallbacks: Counter[str] = field(default_factory=Counter)
    explanations: dict[str, str] = field(default_factory=dict)
    done_at: int | None = None
    wall_seconds: float = 0.0

    @property
    def stale_action_ratio(self) -> float:
        """Part of the steps whose action was made up."""
        return self.stale / self.steps if self.steps else 0.0

    def effective_control_hz(self, rate: float) -> float:
        """Return how many of its actions the policy got carried out per second.

        Args:
            rate: steps per second.
        """
        return rate * (1.0 - self.stale_action_ratio)

    def realtime_factor(self, rate: float) -> float | None:
        """Return simulated time over the wall clock's; None where steps were not paced.

        Below 1 the simulation itself was too slow, and the policy had more time than in reality.

        Args:
            rate: steps per second.
        """
        return self.steps / rate / self.wall_seconds if self.wall_seconds else None

    def note(self, reason: str, explanation: str, *, begins: bool) -> None:
        """Count a reason to fall back, once each time it begins."""
        self.fallbacks[reason] += begins
        self.explanations[reason] = explanation
