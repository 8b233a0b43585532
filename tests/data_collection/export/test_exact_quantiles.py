from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from vla_humanoid.data_collection.export.exact_quantiles import streamed_statistics
from vla_humanoid.data_collection.export.feature_statistics import (
    QUANTILES,
    Statistics,
    array_statistics,
    counted_statistics,
    index_statistics,
)

LARGEST = float(np.float32(1e30))
FINITE = st.floats(-LARGEST, LARGEST, width=32)


def assert_same(found: Statistics, expected: Statistics) -> None:
    assert found.count == expected.count
    for name, values in expected.named().items():
        np.testing.assert_allclose(found.named()[name], values, rtol=1e-9, atol=1e-12)


@given(
    rows=arrays(np.float32, st.tuples(st.integers(1, 60), st.integers(1, 4)), elements=FINITE),
    piece=st.integers(1, 60),
)
def test_streamed_statistics_are_those_of_all_rows(rows: NDArray[np.float32], piece: int) -> None:
    def passes() -> Iterator[NDArray[np.float32]]:
        return (rows[start : start + piece] for start in range(0, len(rows), piece))

    found = streamed_statistics(passes)
    for name, quantile in QUANTILES.items():
        expected = np.quantile(rows.astype(np.float64), quantile, axis=0)
        np.testing.assert_allclose(found.quantiles[name], expected, rtol=1e-9, atol=1e-300)
    np.testing.assert_array_equal(found.minimum, rows.min(axis=0))
    np.testing.assert_array_equal(found.maximum, rows.max(axis=0))


def test_they_are_exact_over_many_blocks() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(20_000, 3)).astype(np.float32)
    rows[:, 1] = np.round(rows[:, 1])  # Many equal values.
    rows[:, 2] = -0.0
    assert_same(streamed_statistics(lambda: np.array_split(rows, 131)), array_statistics(rows))


def test_quantiles_of_the_whole_are_not_averages_of_quantiles_of_parts() -> None:
    parts = [np.full((10, 1), value, np.float32) for value in range(100)]
    found = streamed_statistics(lambda: parts)
    assert found.quantiles["q01"][0] == pytest.approx(np.quantile(np.concatenate(parts), 0.01))
    assert found.quantiles["q01"][0] < 10.0


@given(st.lists(st.integers(0, 255), min_size=1, max_size=200))
def test_counted_values(values: list[int]) -> None:
    counts = np.bincount(values, minlength=256).astype(np.int64)
    found = counted_statistics(np.arange(256), [counts], len(values))
    assert_same(found, array_statistics(np.array(values)))


def test_running_numbers() -> None:
    assert_same(index_statistics(134), array_statistics(np.arange(134)))
