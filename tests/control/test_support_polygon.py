import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.control.support_polygon import SupportPolygon

RECTANGLE = np.array([[-0.05, 0.15], [0.12, 0.15], [0.12, -0.15], [-0.05, -0.15]])

points = st.tuples(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0)).map(np.array)


def test_points_on_an_edge_do_not_shift_the_center() -> None:
    on_edge = np.array([[0.12, 0.1], [0.12, 0.05], [0.12 + 1e-9, -0.02]])
    polygon = SupportPolygon(np.concatenate([RECTANGLE, on_edge]))
    assert np.allclose(polygon.center, [0.035, 0.0], atol=1e-6)


@settings(max_examples=300)
@given(st.integers(-17, -3), st.integers(0, 1000), st.floats(-np.pi, np.pi))
def test_no_corner_is_lost_where_others_are_nearly_in_line_with_it(
    exponent: int, seed: int, yaw: float
) -> None:
    feet = np.concatenate([RECTANGLE * (1.0, 0.2) + (0.0, y) for y in (0.12, -0.12)])
    for turn in (0.0, yaw):
        axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        corners = feet @ axes
        corners += np.random.default_rng(seed).normal(size=feet.shape) * 10.0**exponent
        polygon = SupportPolygon(corners)
        assert min(polygon.margin(corner) for corner in corners) > -1e-7


@given(points)
def test_projection_keeps_its_margin_and_moves_nothing_that_has_it(point: np.ndarray) -> None:
    polygon = SupportPolygon(RECTANGLE)
    projected = polygon.project(point, margin=0.02)
    assert polygon.margin(projected) >= 0.02 - 1e-6
    if polygon.margin(point) >= 0.02:
        assert np.array_equal(projected, point)


@given(points)
def test_margin_of_a_rectangle_is_the_distance_to_its_nearest_side(point: np.ndarray) -> None:
    x, y = point
    expected = min(x + 0.05, 0.12 - x, y + 0.15, 0.15 - y)
    assert SupportPolygon(RECTANGLE).margin(point) == pytest.approx(expected)


def test_points_on_a_line_are_refused() -> None:
    with pytest.raises(ValueError, match="on a line"):
        SupportPolygon(np.array([[0.0, 0.0], [0.1, 0.1], [0.2, 0.2]]))


def test_an_outline_repeats_its_last_corner_and_spans_the_same_polygon() -> None:
    square = SupportPolygon(np.array([[0.0, 0.0], [0.2, 0.0], [0.2, 0.1], [0.0, 0.1]]))
    outline = square.outline(8)
    assert outline.shape == (8, 2)
    np.testing.assert_array_equal(outline[4:], outline[[3, 3, 3, 3]])
    np.testing.assert_array_equal(SupportPolygon(outline).center, square.center)
    with pytest.raises(ValueError, match="4 vertices"):
        square.outline(3)
