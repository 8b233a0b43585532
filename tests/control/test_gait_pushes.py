import math
from dataclasses import replace

import numpy as np
import pytest
from made_up_frames import frame
from walking_pendulum import CONFIG, DT, OMEGA, STANCE, Command, WalkingPendulum

from vla_humanoid.control.footstep_planner import plan_to_goal
from vla_humanoid.control.gait import Gait, GaitInput, Phase
from vla_humanoid.schema import SIDES


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
