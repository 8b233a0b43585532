import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from walking_pendulum import CONFIG, DT, STANCE, Command, WalkingPendulum

from vla_humanoid.control.footstep_planner import plan_to_goal
from vla_humanoid.control.footsteps import Footstep, wrapped
from vla_humanoid.control.gait import Gait, Phase
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.control.step_plan import StepPlan


@pytest.mark.parametrize(
    "goal", [(0.9, 0.3, 0.5), (-0.5, 0.2, 0.0), (0.0, -0.4, -1.5), (0.2, 0.0, 2.5)]
)
def test_steps_that_are_given_are_made_exactly_and_then_it_stands(goal: Command) -> None:
    robot = WalkingPendulum()
    steps = plan_to_goal(STANCE, goal, CONFIG.reach)
    robot.gait.plan.follow(steps)
    assert len(robot.gait.plan.queue) == len(steps)
    # A velocity command counts for nothing meanwhile.
    robot.run(0.3 + 0.4 * len(steps), (0.2, 0.0, 0.0))
    robot.run(0.2 * len(steps) + 3.0)
    assert not robot.gait.plan.queue
    made = robot.landings[: len(steps)]
    for landing, step in zip(made, steps, strict=True):
        assert landing.side == step.side
        assert landing.position == pytest.approx(step.position, abs=2e-3)
        assert wrapped(landing.yaw - step.yaw) == pytest.approx(0.0, abs=2e-3)
    assert robot.phases[-1] is Phase.STANDING


def test_a_foot_cannot_make_two_steps_in_a_row() -> None:
    gait = Gait(CONFIG, DT)
    with pytest.raises(ValueError, match="take turns"):
        gait.plan.follow([STANCE[0], STANCE[0]])
    assert not gait.plan.queue
    gait.plan.follow(STANCE)
    gait.reset()
    assert not gait.plan.queue


@pytest.mark.parametrize(
    "step",
    [
        Footstep("middle", np.zeros(3), 0.0),
        Footstep("left", np.zeros(2), 0.0),
        Footstep("left", np.array([0.0, 0.1, np.nan]), 0.0),
        Footstep("left", np.zeros(3), math.inf),
    ],
    ids=["side", "shape", "position", "yaw"],
)
def test_a_step_that_is_none_is_refused(step: Footstep) -> None:
    gait = Gait(CONFIG, DT)
    with pytest.raises(ValueError, match=r"Step 0 is (of the foot 'middle'|at .* all finite)"):
        gait.plan.follow([step])
    assert not gait.plan.queue


def test_known_ground_is_stepped_on_at_its_height() -> None:
    height = 0.05
    robot = WalkingPendulum(ground=lambda x, _y: height if x > 0.3 else 0.0)
    ground = HeightMap.flat(((-1.0, 3.0), (-1.0, 1.0)))
    robot.gait.plan.terrain = ground.with_box(np.array([1.3, 0.0]), (2.0, 2.0), 0.0, height)
    robot.run(3.0, (0.4, 0.0, 0.0))
    for landing in robot.landings:
        assert landing.position[2] in (pytest.approx(0.0, abs=1e-6), pytest.approx(height))
        assert not 0.3 - 0.13 < landing.position[0] < 0.3 + 0.05  # Never across the edge.
    assert robot.landings[-1].position[2] == pytest.approx(height)
    assert robot.gait.plan.missing_footholds == 0


def test_where_there_is_no_foothold_it_steps_on_the_spot_and_counts() -> None:
    robot = WalkingPendulum()
    rough = HeightMap.flat(((-1.0, 1.0), (-1.0, 1.0)))
    rows, columns = np.indices(rough.heights.shape)
    robot.gait.plan.terrain = replace(rough, heights=0.05 * ((rows + columns) % 2))
    robot.run(2.0, (0.4, 0.0, 0.0))
    assert robot.gait.plan.missing_footholds > 0
    assert np.hypot(*robot.middle[:2]) < 0.1
    assert robot.balance > -0.2


def test_a_foot_is_not_turned_where_its_leg_cannot_turn_it() -> None:
    robot = WalkingPendulum()
    robot.gait.plan.follow([replace(STANCE[0], yaw=3.0)])
    robot.run(4.0)
    assert robot.gait.plan.dropped_steps == 1
    assert max(abs(landing.yaw) for landing in robot.landings) < 0.01
    assert robot.phases[-1] is Phase.STANDING


@pytest.mark.parametrize("first", [0, 1])
def test_where_the_first_of_given_steps_begins_is_compared_with_the_feet(first: int) -> None:
    gait = Gait(CONFIG, DT)
    feet = {foot.side: foot for foot in STANCE}
    steps = plan_to_goal(STANCE, (0.4, 0.0, 0.0), CONFIG.reach)[first:]
    gait.plan.follow(steps, feet)
    assert gait.plan.queue == steps
    elsewhere = {side: replace(foot, yaw=1.5) for side, foot in feet.items()}
    with pytest.raises(ValueError, match=rf"The first step, of the {steps[0].side} foot"):
        gait.plan.follow(steps, elsewhere)
    assert gait.plan.queue == steps
    gait.plan.follow([], elsewhere)
    assert not gait.plan.queue


def test_to_look_at_steps_that_are_out_of_reach_drops_none_until_a_foot_is_lifted() -> None:
    plan = StepPlan(CONFIG, DT)
    steps = plan_to_goal(STANCE, (0.4, 0.0, 0.0), CONFIG.reach)
    plan.follow(steps)
    support = next(foot for foot in STANCE if foot.side != steps[0].side)
    away = replace(support, position=support.position - np.array([1.0, 0.0, 0.0]))
    assert plan.upcoming(away, last=False).steps[0].position[0] < -0.9
    assert plan.queue == steps
    assert plan.upcoming(support, last=False).steps == steps[: CONFIG.steps_ahead]
    plan.commit(support)
    assert plan.queue == steps
    plan.commit(away)
    assert not plan.queue
    assert plan.dropped_steps == len(steps)


def test_new_steps_replace_those_that_were_given_before() -> None:
    robot = WalkingPendulum()
    before, steps = (plan_to_goal(STANCE, (0.3, y, 0.3), CONFIG.reach) for y in (0.0, 0.05))
    assert len(before) == len(steps)
    robot.gait.plan.follow(before)
    robot.run(0.2)
    robot.gait.plan.follow(steps)
    robot.run(1.0 + 0.5 * len(steps))
    for landing, step in zip(robot.landings, steps, strict=True):
        assert landing.side == step.side
        assert landing.position == pytest.approx(step.position, abs=2e-3)


@given(st.tuples(st.floats(-0.5, 0.7), st.floats(-0.4, 0.4), st.floats(-1.2, 1.2)))
def test_commands_are_slowed_down_to_what_can_be_walked(command: Command) -> None:
    plan, wanted = StepPlan(CONFIG, DT), np.array(command)
    limited = plan.within_limits(wanted)
    ahead, back, aside, turn = CONFIG.fastest
    share = limited / (ahead if limited[0] > 0.0 else back, aside, turn)
    assert share @ share <= 1.0 + 1e-6
    assert np.cross(limited, wanted) == pytest.approx(np.zeros(3), abs=1e-9)
    assert limited @ wanted >= 0.0
    assert plan.within_limits(limited) == pytest.approx(limited)


def test_a_command_within_limits_is_itself_however_often_it_is_given_anew() -> None:
    plan = StepPlan(CONFIG, DT)
    for _ in range(3):
        command = np.array([0.3, 0.0, 0.1])
        assert plan.within_limits(command) is command


def test_a_crawl_is_a_stand() -> None:
    plan = StepPlan(CONFIG, DT)
    assert not plan.is_walk(np.array([0.03, -0.03, 0.05]))
    for axis in range(3):
        assert plan.is_walk(-1.01 * np.array(CONFIG.slowest) * np.eye(3)[axis])
    robot = WalkingPendulum()
    robot.run(1.0, (0.03, 0.0, 0.0))
    assert set(robot.phases) == {Phase.STANDING}
