import math
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from vla_humanoid.control.body_path import BODY_RADIUS, UnreachableGoal, plan_body_path
from vla_humanoid.control.body_poses import Pace
from vla_humanoid.control.footstep_planner import plan_along_path, plan_to_goal
from vla_humanoid.control.footstep_velocity import NOMINAL_WIDTH
from vla_humanoid.control.footstep_walk import NoSteps, Stance
from vla_humanoid.control.footsteps import OUTWARD, Footstep, StepReach, offset, turned, wrapped
from vla_humanoid.control.height_map import HeightMap

REACH = StepReach()
ROOM = HeightMap.flat(((-1.0, 5.0), (-2.0, 2.0)))

yaws = st.floats(-math.pi, math.pi)
poses = st.tuples(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0), yaws)
goals_ahead = st.tuples(st.just(4.0), st.floats(-0.5, 0.5), yaws)
pillars = st.lists(
    st.tuples(st.floats(0.7, 3.2), st.floats(-1.5, 1.5), st.floats(0.1, 0.2)), max_size=6
)
plates = st.lists(
    st.tuples(st.floats(0.9, 3.0), st.floats(-0.8, 0.8), yaws, st.floats(0.02, 0.05)), max_size=2
)


def standing(x: float = 0.0, y: float = 0.0, yaw: float = 0.0, z: float = 0.0) -> Stance:
    def foot(side: str) -> Footstep:
        beside = turned(np.array([0.0, 0.5 * OUTWARD[side] * NOMINAL_WIDTH]), yaw)
        return Footstep(side, np.array([x + beside[0], y + beside[1], z]), yaw)

    return foot("left"), foot("right")


def check_steps(stance: Stance, steps: list[Footstep], reach: StepReach = REACH) -> None:
    support = next(foot for foot in stance if foot.side != steps[0].side)
    for before, step in pairwise([support, *steps]):
        assert step.side != before.side
        assert reach.allows(before, step)
        assert OUTWARD[step.side] * offset(before, step.position)[1] > 0.0


def check_end(steps: list[Footstep], goal: tuple[float, float, float]) -> None:
    feet = {step.side: step for step in steps[-2:]}
    middle = 0.5 * (feet["left"].position + feet["right"].position)
    assert math.dist(middle[:2], goal[:2]) < 0.01
    for foot in feet.values():
        assert abs(wrapped(foot.yaw - goal[2])) < math.radians(1.0)
    assert offset(feet["right"], feet["left"].position) == pytest.approx((0.0, NOMINAL_WIDTH))


def check_ground(stance: Stance, steps: list[Footstep], ground: HeightMap) -> None:
    for step in steps:
        assert ground.level(step) == step.position[2]


def middles(stance: Stance, steps: list[Footstep]) -> np.ndarray:
    support = next(foot for foot in stance if foot.side != steps[0].side)
    return np.stack([0.5 * (a.position + b.position)[:2] for a, b in pairwise([support, *steps])])


@settings(deadline=None, max_examples=60)
@given(poses, poses)
def test_every_pose_on_level_ground_is_reached(
    start: tuple[float, float, float], goal: tuple[float, float, float]
) -> None:
    stance = standing(*start)
    steps = plan_to_goal(stance, goal, REACH)
    if not steps:  # The feet are there already.
        check_end(list(stance), goal)
        return
    check_steps(stance, steps)
    check_end(steps, goal)


def test_there_is_nothing_to_plan_where_the_feet_are_already() -> None:
    here = (1.0, -0.5, 2.0)
    assert plan_to_goal(standing(*here), here, REACH) == []
    assert plan_to_goal(standing(*here), (1.05, -0.5, 2.0), REACH)
    assert plan_to_goal(standing(*here), (1.0, -0.5, 2.1), REACH)


@settings(deadline=None, max_examples=40)
@given(st.floats(-0.2, 0.2), st.floats(0.18, 0.4), st.floats(-0.2, 0.5), poses)
def test_a_walk_begins_from_any_stride(
    ahead: float, aside: float, turn: float, goal: tuple[float, float, float]
) -> None:
    right = Footstep("right", np.zeros(3), 0.0)
    stance = Footstep("left", np.array([ahead, aside, 0.0]), turn), right
    steps = plan_to_goal(stance, goal, REACH)
    check_steps(stance, steps)
    check_end(steps, goal)


@settings(deadline=None, max_examples=50)
@given(yaws, goals_ahead, pillars, plates)
def test_a_walk_among_pillars_and_plates(
    yaw: float,
    goal: tuple[float, float, float],
    places: list[tuple[float, float, float]],
    low: list[tuple[float, float, float, float]],
) -> None:
    ground = ROOM
    for x, y, plate_yaw, height in low:
        ground = ground.with_box(np.array([x, y]), (0.9, 0.7), plate_yaw, height)
    for x, y, radius in places:
        ground = ground.with_cylinder(np.array([x, y]), radius, 0.6)
    stance = standing(yaw=yaw)
    try:
        steps = plan_to_goal(stance, goal, REACH, ground)
    except NoSteps:
        reject()
    except UnreachableGoal:
        # Only where there is no room for the body.
        with pytest.raises(UnreachableGoal):
            plan_body_path(np.zeros(2), np.array(goal[:2]), ground, BODY_RADIUS + 0.05)
        return
    check_steps(stance, steps)
    check_end(steps, goal)
    check_ground(stance, steps, ground)
    for x, y, radius in places:
        way = middles(stance, steps)
        assert np.hypot(*(way - [x, y]).T).min() >= radius + BODY_RADIUS - 2e-3


def test_four_metres_among_six_obstacles_are_planned_within_a_second() -> None:
    ground = ROOM
    for x, y in ((0.9, 0.1), (1.5, -0.6), (1.9, 0.5), (2.4, -0.2), (2.9, 0.7), (3.2, -0.7)):
        ground = ground.with_cylinder(np.array([x, y]), 0.15, 0.8)
    begin = time.perf_counter()
    steps = plan_to_goal(standing(), (4.0, 0.0, 1.5), REACH, ground)
    assert time.perf_counter() - begin < 1.0
    check_steps(standing(), steps)


def test_stairs_are_climbed_and_descended() -> None:
    stairs = ROOM
    for tread in range(3):
        stairs = stairs.with_box(
            np.array([2.3, 0.0]), (2.4 - 0.6 * tread, 6.0), 0.0, 0.05 * (tread + 1)
        )
    stance = standing()
    steps = plan_to_goal(stance, (4.2, 0.0, 0.0), REACH, stairs)
    check_steps(stance, steps)
    check_ground(stance, steps, stairs)
    assert max(step.position[2] for step in steps) == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("goal", "most"),
    [
        ((0.4, 0.0, 0.0), 4),
        ((-0.3, 0.0, 0.0), 4),
        ((0.0, 0.3, 0.0), 7),
        ((0.2, -0.2, 0.0), 6),
        ((0.0, 0.0, 0.9), 6),
    ],
)
def test_near_goals_need_few_steps(goal: tuple[float, float, float], most: int) -> None:
    steps = plan_to_goal(standing(), goal, REACH)
    assert len(steps) <= most
    way = middles(standing(), steps)
    direct = math.hypot(goal[0], goal[1])
    assert np.hypot(*way.T).max() <= direct + 0.02


def test_who_stands_at_the_goal_stays() -> None:
    assert plan_to_goal(standing(0.3, 0.2, 1.0), (0.3, 0.2, 1.0), REACH) == []


def test_steps_are_as_high_as_the_feet_where_no_ground_is_given() -> None:
    steps = plan_to_goal(standing(z=0.4), (1.0, 0.5, 0.0), REACH)
    assert {float(step.position[2]) for step in steps} == {0.4}


def test_a_shorter_pace_makes_more_steps() -> None:
    quick = plan_to_goal(standing(), (2.0, 0.0, 0.0), REACH)
    slow = plan_to_goal(standing(), (2.0, 0.0, 0.0), REACH, pace=Pace(forward=0.1))
    assert len(quick) == 11
    assert len(slow) == 21


def test_a_narrow_reach_is_kept() -> None:
    reach = StepReach(forward=0.2, turn_in=0.1, narrow=0.2)
    steps = plan_to_goal(standing(), (1.0, 1.0, 1.0), reach)
    check_steps(standing(), steps, reach)
    check_end(steps, (1.0, 1.0, 1.0))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=4))
def test_a_line_is_followed(bends: list[float]) -> None:
    pieces = np.cumsum(bends)
    corners = np.cumsum(0.7 * np.column_stack([np.cos(pieces), np.sin(pieces)]), axis=0)
    steps = plan_along_path(standing(), corners, None, REACH)
    check_steps(standing(), steps)
    check_end(steps, (corners[-1][0], corners[-1][1], float(pieces[-1])))
    line = np.concatenate([np.zeros((1, 2)), corners])
    dense = np.concatenate([np.linspace(a, b, 200) for a, b in pairwise(line)])
    for middle in middles(standing(), steps):
        assert np.hypot(*(dense - middle).T).min() < 0.04


def test_a_curve_of_many_points_is_walked_at_full_pace() -> None:
    angles = np.linspace(0.0, 1.5, 200)
    curve = 2.0 * np.column_stack([np.sin(angles), 1.0 - np.cos(angles)])
    steps = plan_along_path(standing(), curve, None, REACH)
    assert len(steps) < 3.0 / 0.15 + 4
    check_steps(standing(), steps)


def test_a_line_ends_with_the_heading_asked_for() -> None:
    steps = plan_along_path(standing(), np.array([[1.0, 0.0]]), -2.0, REACH, ROOM)
    check_end(steps, (1.0, 0.0, -2.0))


def test_a_line_past_an_obstacle_says_where() -> None:
    ground = ROOM.with_cylinder(np.array([1.5, 0.2]), 0.15, 0.8)
    with pytest.raises(UnreachableGoal, match=r"path at \(1\.\d+, 0.00\) m is 0.\d+ m from"):
        plan_along_path(standing(), np.array([[3.0, 0.0]]), None, REACH, ground)


@pytest.mark.parametrize("size", [0.06, 0.6, 1.2])
def test_a_start_in_an_obstacle_says_so(size: float) -> None:
    ground = ROOM.with_box(np.zeros(2), (size, size), 0.0, 0.8)
    message = r"start \(0.00, 0.00\) m is in an obstacle"
    with pytest.raises(UnreachableGoal, match=message):
        plan_to_goal(standing(), (2.0, 0.0, 0.0), REACH, ground)
    with pytest.raises(UnreachableGoal, match=message):
        plan_along_path(standing(), np.array([[2.0, 0.0]]), None, REACH, ground)


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ((2.0, 0.0, 0.0), r"goal \(2.00, 0.00\) m is in an obstacle"),
        ((2.0, 0.35, 0.0), "from an obstacle"),
        ((8.0, 0.0, 0.0), "outside the height map"),
        ((3.5, 0.0, 0.0), r"foot would stand on an edge"),
        ((0.0, 1.95, 0.0), r"beyond the height map"),
    ],
)
def test_impossible_goals_say_why(goal: tuple[float, float, float], message: str) -> None:
    ground = ROOM.with_cylinder(np.array([2.0, 0.0]), 0.2, 0.8)
    ground = ground.with_box(np.array([3.5, 0.0]), (0.1, 0.8), 0.0, 0.05)
    with pytest.raises(UnreachableGoal, match=message):
        plan_to_goal(standing(), goal, REACH, ground)


def test_ground_that_no_sole_can_stand_on_is_said() -> None:
    ground = ROOM
    for x in np.arange(1.0, 2.5, 0.15):
        ground = ground.with_box(np.array([x, 0.0]), (0.05, 4.0), 0.0, 0.05)
    with pytest.raises(NoSteps, match=r"goal \(4.00, 0.00\) m does not take the steps"):
        plan_to_goal(standing(), (4.0, 0.0, 0.0), REACH, ground)


def test_a_step_too_narrow_to_stand_on_is_walked_around() -> None:
    ground = ROOM
    for x in np.arange(1.0, 2.5, 0.15):
        ground = ground.with_box(np.array([x, 0.0]), (0.05, 1.0), 0.0, 0.05)
    steps = plan_to_goal(standing(), (4.0, 0.0, 0.0), REACH, ground)
    check_steps(standing(), steps)
    check_ground(standing(), steps, ground)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        plan_to_goal(standing(), (math.nan, 0.0, 0.0), REACH)
    left, right = standing()
    with pytest.raises(ValueError, match="left and the right"):
        plan_to_goal((right, left), (1.0, 0.0, 0.0), REACH)
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        plan_along_path(standing(), np.zeros((0, 2)), None, REACH)
    with pytest.raises(ValueError, match="cannot walk within"):
        plan_to_goal(standing(), (1.0, 0.0, 0.0), StepReach(narrow=0.235))
    with pytest.raises(ValueError, match="finite lengths"):
        plan_to_goal(standing(), (1.0, 0.0, 0.0), REACH, pace=Pace(forward=math.nan))
    with pytest.raises(ValueError, match="more than 10000 steps"):
        plan_to_goal(standing(), (1e5, 0.0, 0.0), REACH)


@pytest.mark.parametrize(
    ("position", "yaw"), [([math.nan, 0.12, 0.0], 0.0), ([0.0, 0.12, 0.0], math.nan), ([0, 0], 0.0)]
)
def test_a_stance_that_stands_nowhere_is_refused(position: list[float], yaw: float) -> None:
    stance = (Footstep("left", np.array(position), yaw), standing()[1])
    with pytest.raises(ValueError, match="left foot of the stance needs"):
        plan_to_goal(stance, (1.0, 0.0, 0.0), REACH)
    with pytest.raises(ValueError, match="left foot of the stance needs"):
        plan_along_path(stance, np.array([[1.0, 0.0]]), None, REACH)


def test_a_heading_may_be_counted_in_turns() -> None:
    around = (0.5, 0.0, 0.3 + 20.0 * math.pi)
    assert len(plan_to_goal(standing(), around, REACH)) == len(
        plan_to_goal(standing(), (0.5, 0.0, 0.3), REACH)
    )
