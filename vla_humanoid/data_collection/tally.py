"""Counts the attempts of a run; what it answers takes the same time for any number of them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from vla_humanoid.data_collection.attempts import AttemptResult


class Tally:
    """The finished attempts of a run.

    Args:
        results: of an earlier run that is resumed.
    """

    def __init__(self, results: Iterable[AttemptResult] = ()) -> None:
        self._results: dict[int, AttemptResult] = {}
        self._failures: Counter[str] = Counter()
        self._first_open = 0
        self.successes = 0
        """Number of attempts that succeeded."""
        for result in results:
            self.add(result)

    def add(self, result: AttemptResult) -> None:
        """Count an attempt, which has not been counted before."""
        self._results[result.attempt] = result
        self.successes += result.success
        if not result.success:
            self._failures[result.failure or "unknown"] += 1
        while self._first_open in self._results:
            self._first_open += 1

    @property
    def attempts(self) -> int:
        """Number of attempts."""
        return len(self._results)

    @property
    def failures(self) -> Mapping[str, int]:
        """Reason to number of attempts that failed, most frequent first."""
        ordered = sorted(self._failures.items(), key=lambda item: (-item[1], item[0]))
        return dict(ordered)

    def next_attempt(self, in_flight: Collection[int]) -> int:
        """Return the first attempt that is neither finished nor in flight."""
        number = self._first_open
        while number in self._results or number in in_flight:
            number += 1
        return number

    def results(self) -> list[AttemptResult]:
        """Return all, in no order."""
        return list(self._results.values())
