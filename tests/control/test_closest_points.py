import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vla_humanoid.control.closest_points import closest_parameters, dots
from vla_humanoid.schema import FloatArray

coordinates = st.floats(-1.0, 1.0).map(lambda value: round(value, 3))
points = arrays(np.float64, (4, 3), elements=coordinates)
GRID = np.linspace(0.0, 1.0, 41)


def closest(
    start_a: FloatArray, span_a: FloatArray, start_b: FloatArray, span_b: FloatArray
) -> tuple[FloatArray, FloatArray]:
    apart = start_a - start_b
    return closest_parameters(
        *(dots(span_a, span_a), dots(span_b, span_b), dots(span_a, span_b)),
        *(dots(span_a, apart), dots(span_b, apart)),
    )


def lengths(on_a: FloatArray, on_b: FloatArray, ends: FloatArray) -> FloatArray:
    first = ends[0] + np.multiply.outer(on_a, ends[1] - ends[0])
    second = ends[2] + np.multiply.outer(on_b, ends[3] - ends[2])
    return np.linalg.norm(first - second, axis=-1)


@given(points)
def test_no_points_of_two_segments_are_closer(ends: FloatArray) -> None:
    ends[[1, 3], 0] += 2.5  # Of some length, whatever was drawn.
    on_a, on_b = closest(ends[:1], ends[1:2] - ends[:1], ends[2:3], ends[3:] - ends[2:3])
    assert 0.0 <= on_a[0] <= 1.0
    assert 0.0 <= on_b[0] <= 1.0
    found = lengths(on_a, on_b, ends)[0]
    anywhere = lengths(*np.meshgrid(GRID, GRID), ends)
    assert found <= anywhere.min() + 1e-6


def test_crossing_parallel_and_end_to_end_segments_in_one_call() -> None:
    x, y, z = np.eye(3)
    on_a, on_b = closest(
        np.array([-x, 0 * x, 0 * x]),
        np.array([2 * x, x, x]),
        np.array([z - y, 0.5 * x + y, 3 * x + z]),
        np.array([4 * y, x, x]),
    )
    assert (on_a[0], on_b[0]) == pytest.approx((0.5, 0.25))
    assert on_a[1] == pytest.approx(on_b[1] + 0.5)
    assert (on_a[2], on_b[2]) == (1.0, 0.0)
