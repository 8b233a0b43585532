"""Windows around a step, and orders of steps."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.reading.mixture import Mixture
from vla_humanoid.data_collection.reading.order import Permutation, scrambled
from vla_humanoid.data_collection.reading.windows import chunk_rows, history_rows


def test_history_repeats_the_first_observation() -> None:
    rows, padding = history_rows(np.array([1, 5]), 4)
    assert rows.tolist() == [[0, 0, 0, 1], [2, 3, 4, 5]]
    assert padding.tolist() == [[True, True, False, False], [False] * 4]


def test_chunk_repeats_the_last_action() -> None:
    rows, padding = chunk_rows(np.array([7, 7]), 4, np.array([9, 20]))
    assert rows.tolist() == [[7, 8, 8, 8], [7, 8, 9, 10]]
    assert padding.tolist() == [[False, False, True, True], [False] * 4]


@given(st.integers(1, 3000), st.lists(st.integers(0, 2**31), min_size=1, max_size=3))
def test_an_order_holds_everything_once(size: int, seed: list[int]) -> None:
    order = Permutation(size, seed)
    assert sorted(order(np.arange(size)).tolist()) == list(range(size))


def test_orders_look_random() -> None:
    """What comes first, and what follows what, is spread evenly over many orders."""
    size, orders = 8, 4000
    firsts = Counter[int]()
    gaps = Counter[int]()
    for seed in range(orders):
        first, third, fourth = Permutation(size, [seed])(np.array([0, 3, 4])).tolist()
        firsts[first] += 1
        gaps[(fourth - third) % size] += 1
    for counts, cells in ((firsts, size), (gaps, size - 1)):
        expected = orders / cells
        chi_squared = sum((counts[k] - expected) ** 2 / expected for k in counts)
        assert len(counts) == cells
        assert chi_squared < 30.0  # 0.01 % of truly random ones are above, with 7 cells.


def test_scrambled_numbers_are_spread() -> None:
    drawn = [scrambled(np.arange(50), seed, 7) % np.uint64(5) for seed in range(50)]
    counts = np.bincount(np.concatenate(drawn).astype(np.int64))
    assert ((counts > 430) & (counts < 570)).all()


def test_orders_are_those_of_earlier_versions() -> None:
    """A run that is resumed goes on with the order that it was begun with."""
    assert Permutation(1000, [3, 1])(np.arange(6)).tolist() == [165, 530, 464, 262, 420, 650]
    drawn = scrambled(np.arange(6), 3, 1) % np.uint64(1000)
    assert drawn.tolist() == [40, 905, 752, 965, 708, 880]
    mixture = Mixture([5, 30], [1, 2], 100, seed=3, shuffle=True)
    assert draws(mixture, range(5), 2) == [(1, 22), (1, 24), (0, 4), (1, 27), (0, 0)]


def draws(mixture: Mixture, positions: range, epoch: int) -> list[tuple[int, int]]:
    files, numbers = mixture.draw(np.array(positions), epoch)
    return list(zip(files.tolist(), numbers.tolist(), strict=True))


def test_what_comes_at_a_position_does_not_depend_on_what_is_asked_with_it() -> None:
    mixture = Mixture([5, 30], [1, 2], 100, seed=3, shuffle=True)
    together = draws(mixture, range(100), 1)
    assert [draws(mixture, range(place, place + 1), 1)[0] for place in range(100)] == together


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=4),
    st.data(),
    st.integers(1, 300),
    st.integers(0, 5),
)
def test_an_epoch_has_the_exact_ratios(
    sizes: list[int], data: st.DataObject, samples: int, epoch: int
) -> None:
    weight = st.floats(0.01, 100.0)
    weights = data.draw(st.lists(weight, min_size=len(sizes), max_size=len(sizes)))
    mixture = Mixture(sizes, weights, samples, seed=3, shuffle=True)
    drawn = draws(mixture, range(len(mixture)), epoch)
    assert len(drawn) == samples == sum(mixture.quotas)
    assert Counter(file for file, _ in drawn) == Counter(
        {file: quota for file, quota in enumerate(mixture.quotas) if quota}
    )
    for quota, weight in zip(mixture.quotas, weights, strict=True):
        assert abs(quota - weight / sum(weights) * samples) <= 1.0
    for file, size in enumerate(sizes):
        times = [Counter(drawn)[file, step] for step in range(size)]
        assert max(times) - min(times) <= 1


def test_without_weights_every_step_comes_once() -> None:
    mixture = Mixture([5, 30, 1], None, None, seed=0, shuffle=True)
    drawn = draws(mixture, range(36), 4)
    assert len(set(drawn)) == 36
    assert drawn != sorted(drawn)
    assert drawn != draws(mixture, range(36), 5)
    assert drawn == draws(mixture, range(36), 4)


def test_unshuffled_steps_come_in_the_order_of_the_files() -> None:
    mixture = Mixture([2, 3], None, None, seed=0, shuffle=False)
    drawn = draws(mixture, range(5), 1)
    assert drawn == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]


@pytest.mark.parametrize(
    ("weights", "samples", "message"),
    [
        ([1.0], None, "2 files, but 1 weights"),
        ([1.0, 0.0], None, "must be positive"),
        ([1.0, float("nan")], None, "must be positive"),
        ([1.0, -2.0], None, "must be positive"),
        (None, 0, "samples must be at least 1"),
    ],
)
def test_impossible_mixtures_are_refused(
    weights: list[float] | None, samples: int | None, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Mixture([3, 4], weights, samples, seed=0, shuffle=True)


def test_huge_datasets_need_no_memory() -> None:
    mixture = Mixture([10**12, 10**11], [0.5, 0.5], None, seed=0, shuffle=True)
    drawn = draws(mixture, range(2000), 0)
    assert len(set(drawn)) == 2000
    assert 850 < sum(file for file, _ in drawn) < 1150
    assert np.mean([step / 10**12 for file, step in drawn if file == 0]) == pytest.approx(
        0.5, abs=0.05
    )
