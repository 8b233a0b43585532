import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.data_collection.statistics import wilson_interval


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(9, 10, 0.596, 0.982), (45, 50, 0.786, 0.957), (90, 100, 0.826, 0.945), (0, 10, 0.0, 0.278)],
)
def test_matches_published_values(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=1e-3)


@given(st.integers(1, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_rate_and_stays_within_bounds(counts: tuple[int, int]) -> None:
    successes, trials = counts
    low, high = wilson_interval(successes, trials)
    assert 0.0 <= low <= successes / trials <= high <= 1.0


def test_knows_nothing_without_trials() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_rejects_impossible_counts() -> None:
    with pytest.raises(ValueError, match="impossible"):
        wilson_interval(3, 2)
