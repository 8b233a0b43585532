"""How hard and how often a task has the robot pushed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PushRanges:
    """Smallest and largest of what the pushes of an episode are sampled from.

    Args:
        count: how many there are.
        forces: [N].
        durations: [s].
        times: of their starts, after reset [s].
        apart: least time from one start to the next [s].

    Raises:
        ValueError: if so many pushes do not fit in that time.
    """

    count: tuple[int, int] = (0, 2)
    forces: tuple[float, float] = (10.0, 40.0)
    durations: tuple[float, float] = (0.10, 0.20)
    times: tuple[float, float] = (0.5, 8.0)
    apart: float = 0.0

    def __post_init__(self) -> None:
        needed = (self.count[1] - 1) * self.apart
        if needed > self.times[1] - self.times[0]:
            raise ValueError(
                f"{self.count[1]} pushes {self.apart} s apart take {needed} s, more than between "
                f"{self.times[0]} s and {self.times[1]} s; ask for fewer or closer ones."
            )
