import math

import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES, g1
from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.robot_model import BODY_INDICES, BODY_JOINTS
from vla_humanoid.control.sitting import (
    FALL_AHEAD,
    FALL_ASIDE,
    FALL_BACK,
    SEAT,
    SQUAT,
    SoftPosture,
    fall_posture,
    soft_command,
)

POSTURES = {"seat": SEAT, "ahead": FALL_AHEAD, "back": FALL_BACK, "aside": FALL_ASIDE}
LIMITS = np.array([JOINT_RANGES[name] for name in JOINT_NAMES])


@pytest.mark.parametrize("posture", POSTURES.values(), ids=list(POSTURES))
def test_a_posture_lies_within_the_joints_ranges_and_is_the_same_on_both_sides(
    posture: SoftPosture,
) -> None:
    position = dict(zip(BODY_JOINTS, posture.positions.tolist(), strict=True))
    for name, value in position.items():
        low, high = JOINT_RANGES[name]
        assert low <= value <= high, name
    for joint in ("hip_pitch", "knee", "ankle_pitch", "shoulder_pitch", "elbow"):
        assert position[f"left_{joint}_joint"] == position[f"right_{joint}_joint"], joint
    for joint in ("hip_roll", "shoulder_roll"):
        left = position[f"left_{joint}_joint"]
        assert left >= 0.0
        assert position[f"right_{joint}_joint"] == -left


def test_a_squat_says_nothing_of_the_legs_and_keeps_the_joints_ranges() -> None:
    assert not [name for name in SQUAT if "hip" in name or "knee" in name or "ankle" in name]
    for name, value in SQUAT.items():
        low, high = JOINT_RANGES[name]
        assert low <= value <= high, name


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("posture", POSTURES.values(), ids=list(POSTURES))
def test_every_motor_is_damped_and_none_is_driven(posture: SoftPosture, share: float) -> None:
    command = soft_command(posture, posture.positions, share)
    assert (command.kp > 0.0).all()
    assert (command.kd > 0.0).all()
    assert not command.velocity.any()
    assert not command.torque.any()
    np.testing.assert_array_equal(command.position[BODY_INDICES], posture.positions)


def test_motors_let_go_as_their_share_fades() -> None:
    firm = soft_command(SEAT, SEAT.positions, 1.0).kp[BODY_INDICES]
    np.testing.assert_allclose(firm, SEAT.stiffness)
    slack = soft_command(SEAT, SEAT.positions, 0.0).kp[BODY_INDICES]
    assert (slack < 0.1 * firm).all()


@pytest.mark.parametrize(
    ("degrees", "posture"),
    [
        (0.0, FALL_AHEAD),
        (-60.0, FALL_AHEAD),
        (90.0, FALL_ASIDE),
        (-90.0, FALL_ASIDE),
        (135.0, FALL_BACK),
        (-180.0, FALL_BACK),
    ],
)
def test_it_folds_the_way_it_falls(degrees: float, posture: SoftPosture) -> None:
    assert fall_posture(math.radians(degrees)) is posture


def test_a_standing_robot_goes_down_without_being_dropped() -> None:
    robot = StandingRobot()
    dt = BalanceConfig().dt
    start, fastest = robot.height, 0.0
    command = soft_command(FALL_ASIDE, FALL_ASIDE.positions, 1.0)
    for _ in range(round(2.5 / dt)):
        robot.simulation.step(command, 2)
        state = robot.simulation.robot_state()
        fastest = max(fastest, -float(state.base.twist.linear[2]))
    # A fall from standing height would end at 3.6 m/s.
    assert fastest < 0.6 * np.sqrt(2.0 * 9.81 * start)
    assert robot.height < 0.3
    end = robot.simulation.robot_state()
    assert np.linalg.norm(end.base.twist.linear) < 0.2
    assert (end.joint_positions > LIMITS[:, 0] - 0.1).all()
    assert (end.joint_positions < LIMITS[:, 1] + 0.1).all()
    assert len(end.joint_positions) == len(g1().joints)
