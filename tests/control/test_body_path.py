import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from vla_humanoid.control.body_path import BODY_RADIUS, UnreachableGoal, plan_body_path
from vla_humanoid.control.height_map import HeightMap

ROOM = HeightMap.flat(((-1.0, 5.0), (-2.0, 2.0)))
START, GOAL = np.array([0.0, 0.0]), np.array([4.0, 0.0])

pillars = st.lists(
    st.tuples(st.floats(0.7, 3.3), st.floats(-1.5, 1.5), st.floats(0.1, 0.2)),
    min_size=1,
    max_size=6,
)


def along(path: np.ndarray) -> np.ndarray:
    """Return points every centimetre or closer along a path."""
    pieces = [np.linspace(a, b, 2 + int(100 * math.dist(a, b))) for a, b in pairwise(path)]
    return np.concatenate(pieces)


def length(path: np.ndarray) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(path))


@settings(deadline=None, max_examples=40)
@given(pillars)
def test_the_way_keeps_clear_of_every_pillar(places: list[tuple[float, float, float]]) -> None:
    ground = ROOM
    for x, y, radius in places:
        ground = ground.with_cylinder(np.array([x, y]), radius, 1.0)
    try:
        path = plan_body_path(START, GOAL, ground)
    except UnreachableGoal:  # The pillars may close the room.
        reject()
    assert np.array_equal(path[0], START)
    assert np.array_equal(path[-1], GOAL)
    for x, y, radius in places:
        distances = np.hypot(*(along(path) - [x, y]).T)
        assert distances.min() >= radius + BODY_RADIUS - 2e-3


def test_without_obstacles_the_way_is_straight() -> None:
    assert np.array_equal(plan_body_path(START, GOAL, ROOM), [START, GOAL])


def test_the_way_around_a_pillar_is_short() -> None:
    ground = ROOM.with_cylinder(np.array([2.0, 0.0]), 0.2, 1.0)
    assert 4.0 < length(plan_body_path(START, GOAL, ground)) < 4.2


def test_a_low_step_is_no_obstacle() -> None:
    ground = ROOM.with_box(np.array([2.0, 0.0]), (0.5, 3.0), 0.0, 0.05)
    assert len(plan_body_path(START, GOAL, ground)) == 2


def test_who_stands_close_to_an_obstacle_may_leave_but_not_go_through() -> None:
    wall = ROOM.with_box(np.array([0.15, 0.0]), (0.04, 1.0), 0.0, 1.0)
    path = plan_body_path(START, GOAL, wall)
    distances = wall.clearance(along(path))
    assert distances.min() >= distances[0] - 1e-6
    assert length(path) > 4.2


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ((2.0, 0.0), r"goal \(2.00, 0.00\) m is in an obstacle"),
        ((2.0, 0.3), r"goal \(2.00, 0.30\) m is 0\.\d+ m from an obstacle, .* needs 0.30 m"),
        ((9.0, 0.0), r"goal \(9.00, 0.00\) m is outside the height map, which covers x -1.00 to"),
    ],
)
def test_impossible_goals_say_why(goal: tuple[float, float], message: str) -> None:
    ground = ROOM.with_cylinder(np.array([2.0, 0.0]), 0.15, 1.0)
    with pytest.raises(UnreachableGoal, match=message):
        plan_body_path(START, np.array(goal), ground)


def test_a_wall_from_border_to_border_leaves_no_way() -> None:
    wall = ROOM.with_box(np.array([2.0, 0.0]), (0.1, 4.0), 0.0, 1.0)
    with pytest.raises(UnreachableGoal, match=r"no way leads from \(0.00, 0.00\) m"):
        plan_body_path(START, GOAL, wall)


def test_a_start_in_an_obstacle_is_refused() -> None:
    ground = ROOM.with_cylinder(START + 0.05, 0.15, 1.0)
    with pytest.raises(UnreachableGoal, match=r"start .* is in an obstacle"):
        plan_body_path(START, GOAL, ground)


def test_a_goal_on_top_of_something_wide_is_in_an_obstacle() -> None:
    table = ROOM.with_box(GOAL, (1.4, 1.4), 0.0, 0.7)
    with pytest.raises(UnreachableGoal, match=r"goal .* is in an obstacle"):
        plan_body_path(START, GOAL, table)


def test_a_goal_on_the_same_stage_is_none() -> None:
    stage = ROOM.with_box(np.array([2.0, 0.0]), (5.0, 2.0), 0.0, 0.7)
    assert len(plan_body_path(START, GOAL, stage)) == 2


@pytest.mark.parametrize("clearance", [0.0, 1.5])
def test_a_clearance_out_of_range_is_refused(clearance: float) -> None:
    with pytest.raises(ValueError, match=r"0.05 to 1.0 m"):
        plan_body_path(START, GOAL, ROOM, clearance)
