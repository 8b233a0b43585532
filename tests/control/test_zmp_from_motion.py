from dataclasses import replace

import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.postures import READY, READY_PELVIS_POSITION
from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.robot_model import GRAVITY, RobotModel
from vla_humanoid.control.zmp_from_motion import ZmpFromMotion
from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, RobotState, Twist

DT, WINDOW = 0.004, 5
POSITIONS = np.array([READY[name] for name in JOINT_NAMES])
UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])


def stiff_robot(position: FloatArray, velocity: FloatArray, spin: FloatArray) -> RobotState:
    """A robot whose joints do not move."""
    base = RigidBodyState(Pose(position, UPRIGHT), Twist(velocity, spin))
    return RobotState(base, POSITIONS, np.zeros_like(POSITIONS), {}, {})


def accelerated(acceleration: FloatArray, ticks: int = 10) -> tuple[ZmpFromMotion, RobotModel]:
    model, zmp = RobotModel(), ZmpFromMotion(DT)
    for i in range(ticks):
        velocity = acceleration * i * DT
        place = np.array(READY_PELVIS_POSITION) + 0.5 * velocity * i * DT
        model.update(stiff_robot(place, velocity, np.zeros(3)))
        zmp.update(model, 0.0)
    return zmp, model


@pytest.mark.parametrize("acceleration", [(1.0, 0.0, 0.0), (0.0, -0.8, 0.0), (0.5, 0.3, 2.0)])
def test_a_robot_that_speeds_up_presses_behind_its_centre_of_mass(
    acceleration: tuple[float, float, float],
) -> None:
    a = np.array(acceleration)
    zmp, model = accelerated(a)
    assert zmp.zmp is not None
    behind = model.com[2] * a[:2] / (GRAVITY + a[2])
    assert zmp.zmp == pytest.approx(model.com[:2] - behind, abs=1e-6)


def test_a_trunk_that_begins_to_pitch_forward_presses_on_the_heels() -> None:
    model, zmp = RobotModel(), ZmpFromMotion(DT)
    pitching, inertia = 4.0, 0.0
    for i in range(WINDOW + 1):
        spin = np.array([0.0, pitching * i * DT, 0.0])
        model.update(stiff_robot(np.array(READY_PELVIS_POSITION), np.zeros(3), spin))
        # Let the centre of mass be still, so that only the angular momentum changes.
        model.update(stiff_robot(np.array(READY_PELVIS_POSITION), -model.com_velocity, spin))
        assert np.abs(model.com_velocity).max() < 1e-12
        if i == WINDOW:
            inertia = model.angular_momentum[1] / spin[1]
        zmp.update(model, 0.0)
    assert zmp.zmp is not None
    assert inertia > 1.0
    # The ground turns the robot forward by pushing up behind the centre of mass.
    behind = inertia * pitching / (model.mass * GRAVITY)
    assert zmp.zmp == pytest.approx(model.com[:2] - (behind, 0.0), abs=1e-3)


def test_what_is_not_known_is_none() -> None:
    assert accelerated(np.zeros(3), WINDOW)[0].zmp is None
    assert accelerated(np.zeros(3), WINDOW + 1)[0].zmp is not None
    assert accelerated(np.array([0.0, 0.0, -GRAVITY]))[0].zmp is None


class Apart:
    """How far the ZMPs of the feet's wrenches and of the motion are apart, tick by tick [m]."""

    def __init__(self) -> None:
        self.distances: list[float] = []

    def __call__(self, robot: StandingRobot) -> None:
        balance = robot.controller.balance
        self.distances.append(float(np.hypot(*(balance.zmp - balance.zmp_dynamics))))


def test_both_ways_to_the_zmp_agree_while_the_robot_stands() -> None:
    robot, apart = StandingRobot(), Apart()
    robot.run(0.5)
    robot.run(1.0, watch=apart)
    assert max(apart.distances) < 0.002


def test_both_ways_to_the_zmp_agree_while_the_robot_squats() -> None:
    robot, apart = StandingRobot(), Apart()
    robot.run(0.5)
    robot.controller.set_target(replace(robot.target, pelvis_height=0.62))
    robot.run(1.5, watch=apart)
    assert max(apart.distances) < 0.01


def test_both_ways_to_the_zmp_agree_on_a_slope() -> None:
    robot, apart = StandingRobot(Scene(floor_slope=(0.05, -0.04))), Apart()
    robot.run(0.8)
    robot.run(0.7, watch=apart)
    assert max(apart.distances) < 0.01
