import math
from itertools import pairwise

import numpy as np
import pytest
from made_up_frames import frame
from walking_pendulum import CONFIG, DT, OMEGA, PERIOD, STANCE, WIDTH, Command, WalkingPendulum

from vla_humanoid.assets.scene import floor_height
from vla_humanoid.control.footsteps import Footstep, offset, wrapped
from vla_humanoid.control.gait import Gait, GaitInput, Phase
from vla_humanoid.schema import SIDES

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
