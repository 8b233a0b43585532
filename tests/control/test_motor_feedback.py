from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.control.motor_feedback import MotorFeedback
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.schema import FloatArray

DT, LEAK = 0.004, 3.0
KP = np.array([0.0, 40.0, 40.0])
KD = np.array([1.0, 1.0, 2.0])
LIMIT = np.array([30.0, 5.0, 2.0])


class Joints:
    """Three joints: a leg's, which is only damped, and two that are held."""

    def __init__(self) -> None:
        self.state = SimpleNamespace(positions=np.zeros(3), velocities=np.zeros(3))
        model = cast(RobotModel, self.state)
        self.feedback = MotorFeedback(model, KP, KD, LIMIT, LEAK, DT)

    def advance(self, acceleration: FloatArray, seconds: float) -> FloatArray:
        torque = np.zeros(3)
        for _ in range(round(seconds / DT)):
            torque = self.feedback.advance(acceleration)
        return torque


@given(st.integers(0, 1000), st.floats(0.0, 200.0))
@settings(max_examples=50, deadline=None)
def test_the_motors_add_what_they_announce_and_never_more_than_their_share(
    seed: int, hardest: float
) -> None:
    joints, rng = Joints(), np.random.default_rng(seed)
    for _ in range(60):
        joints.state.positions = rng.uniform(-1.0, 1.0, 3)
        joints.state.velocities = rng.uniform(-3.0, 3.0, 3)
        torque = joints.feedback.advance(rng.uniform(-hardest, hardest, 3))
        assert (np.abs(torque) <= LIMIT + 1e-9).all()
        # The motors compute it from the references.
        motors = KP * (joints.feedback.positions - joints.state.positions)
        motors += KD * (joints.feedback.velocities - joints.state.velocities)
        assert torque == pytest.approx(motors, abs=1e-9)


def test_a_joint_that_friction_holds_back_is_pulled_ever_harder_up_to_a_limit() -> None:
    joints = Joints()
    acceleration = np.array([0.0, 0.5, 0.5])
    pulls = [joints.advance(acceleration, 0.1)[1] for _ in range(5)]
    assert (np.diff(pulls) > 0.0).all()
    assert joints.advance(100.0 * acceleration, 2.0)[1:] == pytest.approx(LIMIT[1:], rel=0.05)


def test_a_reference_forgets_what_it_has_not_achieved() -> None:
    joints = Joints()
    pull = joints.advance(np.array([0.0, 2.0, 2.0]), 0.5)
    assert (pull[1:] > 0.1).all()
    assert joints.advance(np.zeros(3), 3.0) == pytest.approx(np.zeros(3), abs=0.01)


def test_without_stiffness_a_motor_only_damps() -> None:
    joints = Joints()
    joints.state.positions = np.array([0.5, 0.0, 0.0])
    assert joints.advance(np.zeros(3), 1.0)[0] == pytest.approx(0.0)
    joints.state.velocities = np.array([1.0, 0.0, 0.0])
    assert joints.feedback.advance(np.zeros(3))[0] < -0.9
