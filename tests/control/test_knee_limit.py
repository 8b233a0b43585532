import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.control.knee_limit import KneeLimit
from vla_humanoid.control.robot_model import BODY_JOINTS

KNEES = [BODY_JOINTS.index(f"{side}_knee_joint") for side in ("left", "right")]
BEND, RATE = 0.1, 20.0


def test_bent_knees_are_not_limited_and_straight_ones_bend() -> None:
    robot = StandingRobot()
    model = robot.controller.model
    knees = KneeLimit(model, BEND, RATE)
    model.update(robot.state)
    assert len(knees.limit().high) == 0
    model.positions[KNEES] = 0.15, 0.05
    model.velocities[KNEES] = 0.0
    limit = knees.limit()
    bending = np.zeros(model.nv)
    bending[[6 + knee for knee in KNEES]] = -(RATE**2) * 0.05, RATE**2 * 0.05
    assert limit.jacobian @ bending == pytest.approx(limit.high)
    model.velocities[KNEES] = -1.0  # Straightening, it has to brake the sooner.
    assert (knees.limit().high < limit.high).all()


def test_thrown_forward_it_keeps_its_knees_off_their_stops() -> None:
    robot = StandingRobot()
    robot.run(0.3)
    straightest = 1.0

    def watch(now: StandingRobot) -> None:
        nonlocal straightest
        if now.height > 0.6 and now.controller.sit_phase.value == "upright":
            straightest = min(straightest, float(now.controller.model.positions[KNEES].min()))

    robot.run(2.0, force=(35.0, 0.0, 0.0), watch=watch)
    assert straightest > 0.05
