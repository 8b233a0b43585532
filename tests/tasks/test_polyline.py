import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.tasks.core.polyline import Polyline

CORNER = Polyline([(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)])


def test_length_and_headings():
    assert CORNER.length == pytest.approx(3.0)
    assert CORNER.headings == pytest.approx((0.0, 0.5 * math.pi))
    assert CORNER.heading(1.9) == pytest.approx(0.0)
    assert CORNER.heading(2.1) == pytest.approx(0.5 * math.pi)


@pytest.mark.parametrize(
    ("along", "point"),
    [
        (-1.0, (0.0, 0.0)),
        (0.5, (0.5, 0.0)),
        (2.0, (2.0, 0.0)),
        (2.5, (2.0, 0.5)),
        (9.0, (2.0, 1.0)),
    ],
)
def test_points_along_it(along: float, point: tuple[float, float]):
    assert CORNER.at(along) == pytest.approx(point)


@given(st.floats(-1.0, 4.0), st.floats(-1.0, 3.0), st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_no_point_of_the_part_is_nearer_than_the_nearest(x: float, y: float, a: float, b: float):
    low, high = sorted((a, b))
    along, distance = CORNER.nearest(x, y, low, high)
    assert low - 1e-9 <= along <= high + 1e-9
    assert math.dist(CORNER.at(along), (x, y)) == pytest.approx(distance)
    steps = [low + k * (high - low) / 50 for k in range(51)]
    assert distance <= min(math.dist(CORNER.at(step), (x, y)) for step in steps) + 1e-9


def test_a_part_that_is_a_point():
    along, distance = CORNER.nearest(5.0, 5.0, 1.0, 1.0)
    assert along == 1.0
    assert distance == pytest.approx(math.hypot(4.0, 5.0))
