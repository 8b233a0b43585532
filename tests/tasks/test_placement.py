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
    spots = place(items[:2], items[2:], np.random.default_rng(seed))
    assert len(spots) == len(items)
    placed = [(r, spot) for r, spot in zip(radii, spots, strict=True) if spot is not None]
    for _, (x, y) in placed:
        assert 0.0 <= x <= 1.0
        assert -0.5 <= y <= 0.5
    for (a, first), (b, second) in combinations(placed, 2):
        assert np.hypot(*np.subtract(first, second)) >= a + b + 0.05


def test_spots_are_allowed():
    item = Item("thing", 0.05, 0.05, REGION, lambda x, y: x > 0.5 and y < 0.0)
    (spot,) = place([item], [], np.random.default_rng(0))
    assert spot is not None
    assert spot[0] > 0.5
    assert spot[1] < 0.0


@given(st.integers(0, 1000), st.integers(0, 4))
def test_optional_things_move_no_required_one(seed: int, count: int):
    cubes = [Item(f"cube_{i}", 0.05, 0.05, REGION, anywhere) for i in range(6)]
    alone = place(cubes[:2], [], np.random.default_rng(seed))
    assert place(cubes[:2], cubes[2 : 2 + count], np.random.default_rng(seed))[:2] == alone


def test_an_optional_thing_without_room_is_left_out():
    cube, huge = (
        Item("cube", 0.05, 0.05, REGION, anywhere),
        Item("huge", 2.0, 0.05, REGION, anywhere),
    )
    small = Item("egg", 0.02, 0.05, REGION, anywhere)
    first, second, third = place([cube], [huge, small], np.random.default_rng(0))
    assert first is not None
    assert second is None
    assert third is not None


def test_error_names_what_does_not_fit():
    items = [
        Item("cube", 0.05, 0.05, REGION, anywhere),
        Item("huge_plate", 2.0, 0.05, REGION, anywhere),
    ]
    with pytest.raises(PlacementError, match="'huge_plate' failed to fit 200 times"):
        place(items, [], np.random.default_rng(0))
