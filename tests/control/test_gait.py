import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_frames import frame
from walking_pendulum import DT, OMEGA, WIDTH, WalkingPendulum

from vla_humanoid.assets.scene import floor_height
from vla_humanoid.control.footstep_planner import plan_to_goal
from vla_humanoid.control.footsteps import Footstep, offset, wrapped
from vla_humanoid.control.gait import Gait, GaitInput, Phase
from vla_humanoid.control.gait_config import GaitConfig
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.control.step_plan import StepPlan
from vla_humanoid.schema import SIDES

CONFIG = GaitConfig()
PERIOD = CONFIG.single_support + CONFIG.double_support
STANCE = (
    Footstep("left", np.array([0.0, 0.5 * WIDTH, 0.0]), 0.0),
    Footstep("right", np.array([0.0, -0.5 * WIDTH, 0.0]), 0.0),
)
Command = tuple[float, float, float]
WALKS: list[Command] = [
    (0.5, 0.0, 0.0),
    (-0.3, 0.0, 0.0),
    (0.0, 0.2, 0.0),
    (0.0, -0.2, 0.0),
    (0.0, 0.0, 0.5),
    (0.0, 0.0, -0.5),
    (0.3, 0.1, 0.4),
]


def test_without_a_command_it_stands_in_the_middle_of_its_feet() -> None:
    robot = WalkingPendulum()
    robot.run(0.2)
    reference = robot.references[-1]
    assert set(robot.phases) == {Phase.STANDING}
    assert reference.contacts == SIDES
    assert reference.zmp == pytest.approx(reference.dcm)
    assert reference.midway == pytest.approx(np.zeros(4), abs=1e-9)
    assert robot.gait.swing is None


@pytest.mark.parametrize("command", WALKS)
def test_it_walks_as_fast_as_it_is_told_and_stops_with_its_feet_side_by_side(
    command: Command,
) -> None:
    robot = WalkingPendulum()
    robot.run(2.0, command)
    begin, first = robot.middle, len(robot.landings)
    robot.run(6 * PERIOD, command)
    assert 5 <= len(robot.landings) - first <= 7
    robot.assert_feet_take_turns()
    # Six steps, seen in the frame in which they began, follow the arc of the command.
    vx, vy, turn = (value * 6 * PERIOD for value in command)
    moved = robot.middle - begin
    assert moved[2] == pytest.approx(turn, rel=0.08, abs=0.01)
    assert math.hypot(*moved[:2]) <= 1.1 * math.hypot(vx, vy) + 0.02
    if command[2] == 0.0:
        assert moved[:2] == pytest.approx([vx, vy], rel=0.08, abs=0.01)
    robot.run(3.0)
    assert robot.phases[-1] is Phase.STANDING
    left, right = robot.feet["left"], robot.feet["right"]
    right_foot = Footstep("right", right[:3], float(right[3]))
    assert offset(right_foot, left[:3]) == pytest.approx((0.0, WIDTH), abs=0.03)
    assert wrapped(left[3] - right[3]) == pytest.approx(0.0, abs=0.08)
    assert robot.gait.recovery_steps == 0
    assert robot.balance > 0.04


@pytest.mark.parametrize("command", WALKS)
def test_the_planned_dcm_moves_as_the_planned_zmp_drives_it(command: Command) -> None:
    robot = WalkingPendulum()
    robot.run(1.5, command)
    since = len(robot.references)
    robot.run(4 * PERIOD, command)
    references = robot.references[since:]
    for now, then in pairwise(references):
        driven = now.zmp + (now.dcm - now.zmp) * math.exp(OMEGA * DT)
        # A foot lands a tick late or early, and the plan moves by so much.
        assert then.dcm == pytest.approx(driven, abs=7e-3)
        assert np.abs(then.midway[:3] - now.midway[:3]).max() < 0.01


@pytest.mark.parametrize("command", WALKS)
def test_while_it_walks_one_foot_swings_most_of_the_time_and_both_bear_in_between(
    command: Command,
) -> None:
    robot = WalkingPendulum()
    robot.run(1.5, command)
    since = len(robot.phases)
    robot.run(6 * PERIOD, command)
    swinging = [phase is Phase.SINGLE_SUPPORT for phase in robot.phases[since:]]
    assert np.mean(swinging) == pytest.approx(CONFIG.single_support / PERIOD, abs=0.05)
    assert set(robot.phases[since:]) == {Phase.SINGLE_SUPPORT, Phase.DOUBLE_SUPPORT}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_it_is_told_in_turn_it_keeps_its_balance_and_stands_in_the_end(seed: int) -> None:
    robot, rng = WalkingPendulum(), np.random.default_rng(seed)
    for _ in range(4):
        robot.run(rng.uniform(0.1, 1.5), tuple(rng.uniform(-1.0, 1.0, 3) * (0.7, 0.4, 1.2)))
        assert robot.balance > -0.2
    robot.run(4.0)
    assert robot.phases[-1] is Phase.STANDING
    assert robot.balance > 0.03


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


@pytest.mark.parametrize("step", [0.02, -0.02])
def test_a_foot_lands_where_the_ground_is_and_not_where_it_was_expected(step: float) -> None:
    robot = WalkingPendulum(ground=lambda x, _y: step if x > 0.25 else 0.0)
    robot.run(2.5, (0.4, 0.0, 0.0))
    heights = [landing.position[2] for landing in robot.landings]
    assert heights[0] == pytest.approx(0.0, abs=1e-6)
    assert heights[-1] == pytest.approx(step)
    assert robot.feet["left"][0] > 0.5
    assert robot.balance > -0.2


def test_contact_ends_a_swing_before_its_time() -> None:
    swings = {}
    for step in (0.0, 0.03):
        robot = WalkingPendulum(ground=lambda x, _y, step=step: step if x > 0.05 else 0.0)
        while not robot.landings:
            robot.tick(np.array([0.4, 0.0, 0.0]))
        swings[step] = robot.phases.count(Phase.SINGLE_SUPPORT) * DT
    assert swings[0.0] == pytest.approx(CONFIG.single_support, abs=2 * DT)
    assert swings[0.03] < CONFIG.single_support - 0.02


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


@pytest.mark.parametrize("slope", [(3.0, 0.0), (-3.0, 0.0), (0.0, 3.0)])
def test_on_a_slope_feet_are_put_down_where_the_slope_goes_on(
    slope: tuple[float, float],
) -> None:
    along_x, along_y = map(math.radians, slope)
    normal = np.array([-math.tan(along_x), -math.tan(along_y), 1.0])

    def ground(x: float, y: float) -> float:
        return floor_height((along_x, along_y), x, y)

    robot = WalkingPendulum(ground=ground, normal=normal / np.linalg.norm(normal))
    robot.run(1.5)
    robot.run(2.0, (0.4, 0.0, 0.0))
    since, landed = len(robot.phases), len(robot.landings)
    robot.run(4 * PERIOD, (0.4, 0.0, 0.0))
    assert len(robot.landings) - landed == 4
    # Were the slope not known, feet would meet it too early or too late.
    swinging = robot.phases[since:].count(Phase.SINGLE_SUPPORT) * DT / 4
    assert swinging == pytest.approx(CONFIG.single_support, abs=0.02)
    assert robot.middle[0] > 1.0


@pytest.mark.parametrize("slope", [3.0, -3.0])
def test_on_a_slope_a_push_moves_the_foothold_along_the_slope(slope: float) -> None:
    incline = math.radians(slope)
    normal = np.array([-math.sin(incline), 0.0, math.cos(incline)])
    robot = WalkingPendulum(ground=lambda x, _: x * math.tan(incline), normal=normal)
    robot.run(1.5)
    while robot.gait.phase is not Phase.SINGLE_SUPPORT:
        robot.tick(np.array([0.3, 0.0, 0.0]))
    robot.dcm = robot.dcm + np.array([0.05, 0.0])
    since = len(robot.phases)
    while not robot.landings:
        robot.tick(np.array([0.3, 0.0, 0.0]))
    # Were the foot to land as high as planned, it would look for the ground for another 0.05 s.
    swinging = (len(robot.phases) - since) * DT
    assert swinging == pytest.approx(CONFIG.single_support, abs=0.02)


def test_while_it_shifts_its_weight_it_steps_at_once_when_pushed_off_both_feet() -> None:
    robot = WalkingPendulum()
    while robot.gait.phase is not Phase.DOUBLE_SUPPORT:
        robot.tick(np.array([0.3, 0.0, 0.0]))
    while robot.balance > -CONFIG.lost_margin - 0.01:
        robot.dcm = robot.dcm + np.array([0.005, 0.0])
    robot.tick(np.array([0.3, 0.0, 0.0]))
    assert robot.phases[-1] is Phase.SINGLE_SUPPORT
    robot.run(4.0)
    assert robot.phases[-1] is Phase.STANDING
    assert robot.balance > 0.03


def test_a_step_that_cannot_catch_the_dcm_is_foretold() -> None:
    robot = WalkingPendulum()
    robot.run(2.5, (0.3, 0.0, 0.0))
    assert robot.gait.predicted_miss < 0.01
    while robot.gait.phase is not Phase.SINGLE_SUPPORT:
        robot.tick(np.array([0.3, 0.0, 0.0]))
    robot.dcm = robot.dcm + np.array([0.25, 0.0])
    robot.tick(np.array([0.3, 0.0, 0.0]))
    assert robot.gait.predicted_miss > 0.1


def test_a_foot_that_still_bears_weight_is_not_lifted_yet() -> None:
    lifted = {}
    for share in (0.1, 0.5):
        gait, time = Gait(CONFIG, DT), 0.0
        soles = {f.side: frame(f.position) for f in STANCE}
        loads = {"left": (1.0 - share) * 350.0, "right": share * 350.0}
        now = GaitInput(soles, loads, np.array([0.035, 0.0]), OMEGA)
        while gait.phase is not Phase.SINGLE_SUPPORT:
            gait.advance(now, np.array([0.3, 0.0, 0.0]))
            time += DT
        assert gait.support_side == "left"
        lifted[share] = time
    assert lifted[0.1] == pytest.approx(CONFIG.first_double_support, abs=0.07)
    assert lifted[0.5] == pytest.approx(2.0 * CONFIG.first_double_support, abs=0.07)


@pytest.mark.parametrize("degrees", [0, 45, 135, 180, 225, 315])
def test_it_steps_when_a_push_takes_the_dcm_out_of_its_feet(degrees: int) -> None:
    robot = WalkingPendulum()
    robot.run(0.1)
    angle = math.radians(degrees)
    direction = np.array([math.cos(angle), math.sin(angle)])
    while robot.balance > -0.02:
        robot.dcm = robot.dcm + 0.005 * direction
    before = robot.middle[:2]
    robot.run(4.0)
    assert robot.gait.recovery_steps >= 1
    assert (robot.middle[:2] - before) @ direction > 0.02
    assert robot.phases[-1] is Phase.STANDING
    assert robot.balance > 0.03


@pytest.mark.parametrize("degrees", range(0, 360, 90))
def test_it_does_not_step_for_what_its_feet_can_hold(degrees: int) -> None:
    robot = WalkingPendulum()
    angle = math.radians(degrees)
    robot.dcm = robot.dcm + 0.04 * np.array([math.cos(angle), math.sin(angle)])
    robot.run(2.0)
    assert robot.gait.steps_taken == 0
    assert robot.balance > 0.05


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


@pytest.mark.parametrize("command", [(0.0, 0.0, 0.0), (0.3, 0.05, 0.0), (0.3, -0.05, 0.0)])
@pytest.mark.parametrize("degrees", [0, 45, 90, 135, 180])
@pytest.mark.parametrize("side", SIDES)
def test_with_all_weight_on_one_foot_a_push_makes_it_lift_the_other(
    side: str, degrees: int, command: Command
) -> None:
    outward = 1.0 if side == "left" else -1.0
    gait, soles = Gait(CONFIG, DT), {f.side: frame(f.position) for f in STANCE}
    even = {"left": 175.0, "right": 175.0}
    for _ in range(20):
        gait.advance(GaitInput(soles, even, np.zeros(2), OMEGA), np.array(command))
    assert gait.phase is (Phase.DOUBLE_SUPPORT if any(command) else Phase.STANDING)
    angle = math.radians(degrees)
    dcm = 0.25 * np.array([math.cos(angle), outward * math.sin(angle)])
    uneven = {s: 350.0 if s == side else 0.0 for s in SIDES}
    reference = gait.advance(GaitInput(soles, uneven, dcm, OMEGA), np.array(command))
    assert gait.phase is Phase.SINGLE_SUPPORT
    assert gait.support_side == side
    assert reference.contacts == (side,)


@pytest.mark.parametrize("ahead", [0.2, -0.2])
def test_a_step_at_once_leaves_given_steps_for_later_if_they_can_still_be_made(
    ahead: float,
) -> None:
    gait, soles = Gait(CONFIG, DT), {f.side: frame(f.position) for f in STANCE}
    loads = {"left": 175.0, "right": 175.0}
    steps = plan_to_goal(STANCE, (0.6, 0.0, 0.0), CONFIG.reach)
    gait.plan.follow(steps)
    gait.advance(GaitInput(soles, loads, np.zeros(2), OMEGA), np.zeros(3))
    gait.advance(GaitInput(soles, loads, np.array([ahead, 0.0]), OMEGA), np.zeros(3))
    assert gait.phase is Phase.SINGLE_SUPPORT
    assert gait.plan.queue == steps


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


@pytest.mark.parametrize("degrees", range(0, 360, 45))
def test_a_push_on_the_way_moves_the_next_foothold(degrees: int) -> None:
    robot = WalkingPendulum()
    robot.run(2.5, (0.3, 0.0, 0.0))
    while robot.phases[-1] is not Phase.SINGLE_SUPPORT or robot.gait.swing is None:
        robot.tick(np.array([0.3, 0.0, 0.0]))
    angle = math.radians(degrees)
    robot.dcm = robot.dcm + 0.05 * np.array([math.cos(angle), math.sin(angle)])
    robot.run(2.0, (0.3, 0.0, 0.0))
    assert robot.balance > -0.2
    robot.run(3.0)
    assert robot.phases[-1] is Phase.STANDING
    assert robot.balance > 0.03


def test_steps_that_may_not_move_do_not() -> None:
    for adapts in (True, False):
        robot = WalkingPendulum(replace(CONFIG, adapts_steps=adapts))
        robot.gait.plan.follow(plan_to_goal(STANCE, (1.0, 0.0, 0.0), CONFIG.reach))
        planned = plan_to_goal(STANCE, (1.0, 0.0, 0.0), CONFIG.reach)[0].position
        while robot.gait.phase is not Phase.SINGLE_SUPPORT:
            robot.tick(np.zeros(3))
        robot.dcm = robot.dcm + np.array([0.0, 0.06])
        while not robot.landings:
            robot.tick(np.zeros(3))
        moved = float(np.hypot(*(robot.landings[0].position - planned)[:2]))
        assert moved > 0.02 if adapts else moved < 2e-3


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
