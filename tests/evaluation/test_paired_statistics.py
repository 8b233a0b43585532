"""Statistics of pairs, against published figures and definitions."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.evaluation.statistics import (
    PairedCounts,
    difference_interval,
    episodes_to_tell_apart,
    mcnemar,
)

counts = st.builds(PairedCounts, *[st.integers(0, 60)] * 4)


def test_the_interval_is_that_of_the_literature() -> None:
    # Newcombe (1998): 36 and 12 against 2 and 0.
    assert difference_interval(PairedCounts(36, 12, 2, 0)) == pytest.approx(
        (0.0569, 0.3404), abs=1e-4
    )


@pytest.mark.parametrize("together", [0.0, 0.5])
def test_the_interval_holds_the_truth_as_often_as_it_says(together: float) -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(600):
        first = rng.random(60) < 0.8
        second = np.where(rng.random(60) < together, first, rng.random(60) < 0.6)
        truth = 0.8 - (0.8 * together + 0.6 * (1 - together))
        low, high = difference_interval(PairedCounts.of(list(first), list(second)))
        held += low <= truth <= high
    assert 0.92 < held / 600 < 0.99


@given(counts)
def test_an_interval_holds_the_difference_and_turns_with_the_pair(pairs: PairedCounts) -> None:
    low, high = difference_interval(pairs)
    assert -1.0 <= low <= pairs.difference <= high <= 1.0
    swapped = PairedCounts(pairs.both, pairs.second_only, pairs.first_only, pairs.neither)
    assert difference_interval(swapped) == pytest.approx((-high, -low))
    assert mcnemar(swapped) == pytest.approx(mcnemar(pairs))


def test_mcnemar_is_a_sign_test_of_what_tells_apart() -> None:
    assert mcnemar(PairedCounts(50, 0, 0, 50)) == 1.0
    assert mcnemar(PairedCounts(9, 8, 1, 9)) == pytest.approx(2 * (1 + 9) / 2**9)
    assert mcnemar(PairedCounts(0, 20, 10, 0)) == pytest.approx(
        2 * sum(comb(30, k) for k in range(11)) / 2**30
    )


def test_pairs_are_counted_by_episode() -> None:
    pairs = PairedCounts.of([True, True, False, False, True], [True, False, True, False, False])
    assert pairs == PairedCounts(1, 2, 1, 1)
    assert pairs.difference == pytest.approx(0.2)
    with pytest.raises(ValueError, match=r"shorter|longer"):
        PairedCounts.of([True], [])


def test_so_many_episodes_do_tell_apart() -> None:
    needed = episodes_to_tell_apart(0.9, 0.8)
    assert needed == 199  # Fleiss (1981): 197 to 200, as one rounds the quantiles.
    assert episodes_to_tell_apart(0.5, 0.5) is None
    rng = np.random.default_rng(0)
    shown = 0
    for _ in range(400):
        first, second = rng.binomial(needed, 0.9) / needed, rng.binomial(needed, 0.8) / needed
        mean = (first + second) / 2
        shown += abs(first - second) > 1.96 * np.sqrt(2 * mean * (1 - mean) / needed)
    assert 0.72 < shown / 400 < 0.88
