"""Tells whether something has been true without interruption for long enough."""

TIME_TOLERANCE = 1e-6
"""Room for the rounding of simulation time [s]."""


class Hold:
    """Follows one condition over an episode.

    Args:
        duration: for which the condition must have been true [s].
    """

    def __init__(self, duration: float) -> None:
        self.duration = duration
        self._since: float | None = None

    def update(self, condition: bool, time: float) -> bool:
        """Take the condition at a time [s]; return whether it has held for the duration."""
        if not condition:
            self._since = None
            return False
        if self._since is None:
            self._since = time
        return time - self._since >= self.duration - TIME_TOLERANCE
