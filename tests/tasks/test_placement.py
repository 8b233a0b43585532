from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.tasks.core.placement import Item, PlacementError, Region, place

REGION = Region((0.0, 1.0), (-0.5, 0.5))


def anywhere(x: float, y: float) -> bool:
    return True


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.02, 0.08), max_size=6), st.integers(0, 1000))
def test_things_keep_clear_of_each_other_and_in_their_region(radii: list[float], seed: int):
    items = [Item(f"thing_{i}", radius, 0.05, REGION, anywhere) for i, radius in enumerate(radii)]
    spots = place(items, np.random.default_rng(seed))
    assert len(spots) == len(items)
    for x, y in spots:
        assert 0.0 <= x <= 1.0
        assert -0.5 <= y <= 0.5
    for (a, first), (b, second) in combinations(zip(radii, spots, strict=True), 2):
        assert np.hypot(*np.subtract(first, second)) >= a + b + 0.05


def test_spots_are_allowed():
    item = Item("thing", 0.05, 0.05, REGION, lambda x, y: x > 0.5 and y < 0.0)
    (spot,) = place([item], np.random.default_rng(0))
    assert spot[0] > 0.5
    assert spot[1] < 0.0


def test_error_says_what_to_do():
    items = [
        Item("cube", 0.05, 0.05, Region((0.0, 0.1), (0.0, 0.1)), anywhere),
        Item("plate", 0.3, 0.05, Region((0.0, 0.1), (0.0, 0.1)), anywhere),
    ]
    with pytest.raises(PlacementError, match="'cube' failed to fit 2000 times"):
        place(items, np.random.default_rng(0))
