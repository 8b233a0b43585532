from dataclasses import replace

import numpy as np
import pytest

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.control.robot_model import GRAVITY, RobotModel
from vla_humanoid.control.rotations import quat_multiply, rotvec_to_quat
from vla_humanoid.schema import Pose, RigidBodyState, RobotState, Twist

STEP = 1e-7


def moving_robot(rng: np.random.Generator) -> RobotState:
    base = RigidBodyState(
        Pose(rng.normal(size=3), rotvec_to_quat(rng.normal(size=3))),
        Twist(rng.normal(size=3), rng.normal(size=3)),
    )
    n = len(JOINT_NAMES)
    velocities = np.array([0.0 if "_hand_" in name else 1.0 for name in JOINT_NAMES])
    return RobotState(base, rng.uniform(-0.3, 0.3, n), velocities * rng.normal(size=n), {}, {})


def a_moment_later(state: RobotState) -> RobotState:
    """The same robot after moving without generalized acceleration (body angular velocity held)."""
    pose, twist = state.base.pose, state.base.twist
    moved = Pose(
        pose.position + STEP * twist.linear,
        quat_multiply(rotvec_to_quat(STEP * twist.angular), pose.quat_wxyz),
    )
    positions = state.joint_positions + STEP * state.joint_velocities
    return RobotState(RigidBodyState(moved, twist), positions, state.joint_velocities, {}, {})


@pytest.mark.parametrize("seed", range(5))
def test_velocities_and_drifts_are_derivatives_of_positions_and_velocities(seed: int) -> None:
    model, state = RobotModel(), moving_robot(np.random.default_rng(seed))
    model.update(state)
    com, com_velocity, com_drift = model.com.copy(), model.com_velocity, model.com_drift
    frames = {"wrist": model.frame("left_wrist_yaw_link"), "sole": model.sole("right")}
    model.update(a_moment_later(state))
    later = {"wrist": model.frame("left_wrist_yaw_link"), "sole": model.sole("right")}
    assert (model.com - com) / STEP == pytest.approx(com_velocity, abs=1e-5)
    assert (model.com_velocity - com_velocity) / STEP == pytest.approx(com_drift, abs=1e-4)
    for name, frame in frames.items():
        moved = (later[name].position - frame.position) / STEP
        assert moved == pytest.approx(frame.velocity[:3], abs=1e-5)
        accelerated = (later[name].velocity - frame.velocity) / STEP
        assert accelerated == pytest.approx(frame.drift, abs=1e-4)


def test_gravity_alone_is_the_bias_of_a_robot_at_rest() -> None:
    model, state = RobotModel(), moving_robot(np.random.default_rng(0))
    still = RobotState(
        RigidBodyState(state.base.pose, Twist(np.zeros(3), np.zeros(3))),
        state.joint_positions,
        np.zeros(len(JOINT_NAMES)),
        {},
        {},
    )
    model.update(still)
    assert model.bias[:3] == pytest.approx([0.0, 0.0, model.mass * GRAVITY])
    assert model.mass == pytest.approx(36.165, abs=1e-3)


@pytest.mark.parametrize("name", ["joint_positions", "joint_velocities"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_state_that_is_not_finite_is_refused_by_name(name: str, value: float) -> None:
    model, state = RobotModel(), moving_robot(np.random.default_rng(0))
    model.update(state)
    before = model.com.copy()
    bad = state.joint_positions.copy()
    bad[3] = value
    with pytest.raises(ValueError, match=f"not finite at {name};"):
        model.update(replace(state, **{name: bad}))
    np.testing.assert_array_equal(model.com, before)
