import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.footsteps import Footstep, turned
from vla_humanoid.control.height_map import FAR, HeightMap, OutsideMap

ROOM = HeightMap.flat(((-2.0, 2.0), (-1.5, 1.5)))
CRATE = ROOM.with_box(np.array([0.5, 0.2]), (0.4, 0.3), 0.6, 0.5)

inside = st.tuples(st.floats(-1.9, 1.9), st.floats(-1.4, 1.4)).map(np.array)
headings = st.floats(-math.pi, math.pi)


def sole(x: float, y: float, yaw: float = 0.0) -> Footstep:
    return Footstep("left", np.array([x, y, 0.0]), yaw)


def distance_to_box(point: np.ndarray) -> float:
    local = np.abs(turned(point - np.array([0.5, 0.2]), -0.6)) - np.array([0.2, 0.15])
    return float(np.hypot(*np.maximum(local, 0.0)))


@given(inside)
def test_a_box_rises_where_it_is_and_nowhere_else(point: np.ndarray) -> None:
    distance = distance_to_box(point)
    if distance == 0.0:
        assert CRATE.height(point) == 0.5
    elif distance > 2.0 * CRATE.resolution:
        assert CRATE.height(point) == 0.0


@given(inside)
def test_clearance_is_the_distance_to_the_obstacle(point: np.ndarray) -> None:
    distance = min(distance_to_box(point), FAR)
    if distance > 0.0:
        assert distance - 0.035 <= CRATE.clearance(point[None])[0] <= distance + 1e-3


@given(inside)
def test_clearance_from_a_cylinder(point: np.ndarray) -> None:
    ground = ROOM.with_cylinder(np.array([-0.3, 0.1]), 0.15, 0.8)
    distance = float(np.hypot(*(point - np.array([-0.3, 0.1])))) - 0.15
    if 0.0 < distance < FAR:
        assert distance - 0.035 <= ground.clearance(point[None])[0] <= distance + 1e-3


@given(inside, headings, st.floats(0.02, 0.5))
def test_a_level_sole_has_all_its_corners_at_its_height(
    point: np.ndarray, yaw: float, height: float
) -> None:
    ground = ROOM.with_box(np.array([0.0, 0.0]), (0.3, 0.25), 0.3, height)
    step = sole(point[0], point[1], yaw)
    corners = [point + turned(np.array(corner[:2]), yaw) for corner in g1().sole_corners]
    stands_at = ground.level(step)
    if all(ground.is_inside(corner) for corner in corners):
        heights = [ground.height(corner) for corner in corners]
        if stands_at is None:
            near = np.abs(turned(point, -0.3)) < np.array([0.15, 0.125]) + 0.16
            at_border = np.abs(point) > np.array([2.0, 1.5]) - 0.16
            assert near.all() or at_border.any()
        else:
            assert np.allclose(heights, stands_at)
    else:
        assert stands_at is None


def test_a_sole_does_not_stand_on_an_edge() -> None:
    ground = ROOM.with_box(np.array([1.0, 0.0]), (1.0, 1.0), 0.0, 0.05)
    assert ground.level(sole(0.3, 0.0)) == 0.0
    assert ground.level(sole(0.45, 0.0)) is None
    assert ground.level(sole(0.62, 0.0)) == 0.05


def test_unevenness_below_a_centimetre_is_level() -> None:
    ground = ROOM.with_box(np.array([0.0, 0.0]), (0.1, 0.1), 0.0, 0.008)
    assert ground.level(sole(0.0, 0.0)) == 0.008


def test_only_what_is_too_high_to_climb_is_an_obstacle() -> None:
    stairs = ROOM.with_box(np.array([1.25, 0.0]), (2.0, 4.0), 0.0, 0.05)
    stairs = stairs.with_box(np.array([1.65, 0.0]), (2.0, 4.0), 0.0, 0.10)
    assert not stairs.obstacles.any()
    assert not ROOM.with_cylinder(np.zeros(2), 0.2, 0.06).obstacles.any()
    assert ROOM.with_cylinder(np.zeros(2), 0.2, 0.07).obstacles.any()
    assert stairs.with_box(np.array([1.2, 0.0]), (0.1, 0.1), 0.0, 0.2).obstacles.any()


def test_without_obstacles_everything_is_far() -> None:
    assert ROOM.clearance(np.zeros((3, 2))).min() > FAR - ROOM.resolution


def test_maps_are_not_changed_by_adding_to_them() -> None:
    ROOM.with_box(np.zeros(2), (1.0, 1.0), 0.0, 1.0)
    assert ROOM.height(np.zeros(2)) == 0.0


def test_the_extent_is_covered() -> None:
    assert np.allclose(ROOM.extent, ((-2.0, 2.0), (-1.5, 1.5)))
    assert ROOM.is_inside(np.array([-2.0, -1.5]))
    assert not ROOM.is_inside(np.array([2.01, 0.0]))


def test_a_height_outside_says_what_is_covered() -> None:
    with pytest.raises(OutsideMap, match=r"\(3.00, 0.00\) m is outside .* -2.00 to 2.00"):
        ROOM.height(np.array([3.0, 0.0]))


@pytest.mark.parametrize(
    ("heights", "resolution", "message"),
    [
        (np.zeros(3), 0.02, "2 x 2 cells"),
        (np.full((3, 3), np.nan), 0.02, "not finite"),
        (np.zeros((3, 3)), 0.0, "resolution above 0"),
    ],
)
def test_bad_grids_are_refused(heights: np.ndarray, resolution: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HeightMap(heights, (0.0, 0.0), resolution)


def test_bad_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="low below high"):
        HeightMap.flat(((1.0, -1.0), (0.0, 1.0)))
    with pytest.raises(ValueError, match="finite and low below high"):
        HeightMap.flat(((0.0, math.inf), (0.0, 1.0)))
    with pytest.raises(ValueError, match=r"box .* sizes above 0"):
        ROOM.with_box(np.zeros(2), (0.0, 1.0), 0.0, 1.0)
    with pytest.raises(ValueError, match=r"box .* finite place"):
        ROOM.with_box(np.array([math.nan, 0.0]), (1.0, 1.0), 0.0, 1.0)
    with pytest.raises(ValueError, match=r"cylinder .* finite place"):
        ROOM.with_cylinder(np.zeros(2), 0.1, math.nan)
    with pytest.raises(ValueError, match="origin"):
        HeightMap(np.zeros((3, 3)), (math.nan, 0.0), 0.02)
