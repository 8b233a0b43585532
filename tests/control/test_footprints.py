import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.control.footprints import Footprint, Footprints

coordinates = st.floats(-3.0, 3.0)
points = st.tuples(coordinates, coordinates).map(np.array)
sizes = st.floats(0.0, 1.0)
outlines = st.builds(
    Footprint, st.tuples(coordinates, coordinates), st.tuples(sizes, sizes), radius=sizes
)


def test_where_nothing_stands_there_is_all_the_room() -> None:
    assert Footprints().clearance(np.zeros(2)) == math.inf


@pytest.mark.parametrize(
    ("point", "clearance"),
    [((2.0, 0.0), 0.7), ((1.0, 2.0), 1.7), ((1.0, 0.0), -0.3), ((1.6, 0.8), 0.7)],
)
def test_distances_to_a_round_thing(point: tuple[float, float], clearance: float) -> None:
    footprints = Footprints([Footprint((1.0, 0.0), radius=0.3)])
    assert footprints.clearance(np.array(point)) == pytest.approx(clearance)


@pytest.mark.parametrize(
    ("point", "clearance"),
    [
        ((0.0, 0.0), 0.6),  # before an edge
        ((1.0, 2.0), 1.5),  # beside it
        ((0.2, 1.0), math.hypot(0.4, 0.5)),  # off a corner
        ((1.1, 0.1), 0.0),  # on it
    ],
)
def test_distances_to_a_table(point: tuple[float, float], clearance: float) -> None:
    footprints = Footprints([Footprint((1.0, 0.0), (0.4, 0.5))])
    assert footprints.clearance(np.array(point)) == pytest.approx(clearance)


@given(st.lists(outlines, min_size=1, max_size=5), points)
def test_the_nearest_counts(items: list[Footprint], point: np.ndarray) -> None:
    each = [Footprints([item]).clearance(point) for item in items]
    assert Footprints(items).clearance(point) == pytest.approx(min(each))


@given(outlines, points, points)
def test_a_step_changes_the_clearance_by_no_more_than_its_length(
    item: Footprint, here: np.ndarray, there: np.ndarray
) -> None:
    footprints = Footprints([item])
    change = abs(footprints.clearance(there) - footprints.clearance(here))
    assert change <= float(np.hypot(*(there - here))) + 1e-9
