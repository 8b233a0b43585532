from collections import Counter
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.data_collection.attempts import AttemptResult
from vla_humanoid.data_collection.tally import Tally

REASONS = st.sampled_from(["dropped", "fallen", None])
NUMBERS = st.integers(0, 12)


@given(
    st.lists(st.tuples(NUMBERS, st.booleans(), REASONS), unique_by=lambda one: one[0]),
    st.frozensets(NUMBERS),
)
def test_it_counts_as_one_would_by_hand(
    finished: list[tuple[int, bool, str | None]], in_flight: frozenset[int]
) -> None:
    results = [
        AttemptResult(number, number, success, None if success else reason, 5, success)
        for number, success, reason in finished
    ]
    tally = Tally(results)
    numbers = {result.attempt for result in results}
    assert tally.next_attempt(in_flight) == next(
        k for k in count() if k not in numbers and k not in in_flight
    )
    failed = [result.failure or "unknown" for result in results if not result.success]
    assert tally.failures == Counter(failed)
    assert list(tally.failures.values()) == sorted(tally.failures.values(), reverse=True)
    assert (tally.attempts, tally.successes) == (len(results), len(results) - len(failed))
