from typing import cast

import numpy as np
import pytest
from events_heard import QUICK

from vla_humanoid.assets.figures import JOINT_RANGES
from vla_humanoid.control.rotations import rotation_error
from vla_humanoid.control.targets import StanceFrame
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import SIDES, Pose, RobotState, action_spec
from vla_humanoid.viewer.session import Session
from vla_humanoid.viewer.wrist_targets import WristTargets


@pytest.fixture(scope="module")
def standing() -> tuple[RobotState, StanceFrame]:
    session = Session(QUICK)
    session.reset()
    assert session.reading is not None
    assert session._env is not None
    robot = session.reading.world.robot
    stance = cast(HumanoidEnv, session._env.unwrapped).controller.stance
    session.close()
    return robot, stance


def assert_same(one: Pose, other: Pose) -> None:
    np.testing.assert_allclose(one.position, other.position, atol=1e-5)
    assert np.linalg.norm(rotation_error(one.quat_wxyz, other.quat_wxyz)) < 1e-4


def test_absolute_targets_are_taken_from_the_stance_frame_to_the_world(
    standing: tuple[RobotState, StanceFrame],
) -> None:
    robot, _ = standing
    stance = StanceFrame(np.array([2.0, 1.0, 0.1]), np.pi / 2)
    spec = action_spec("end_effector", JOINT_RANGES)
    targets = WristTargets(spec)
    targets.reset(robot, stance)
    assert targets.poses(robot, stance) == {}
    left, right = [0.3, 0.25, 0.9, 0.0, 0.0, 0.0, 0.0], [0.2, -0.3, 0.8, 0.0, 0.0, 0.0, 0.0]
    action = spec.to_normalized(np.array([*left, *right, 0.0, 0.0, 0.0, 0.7]))
    targets.update(action.astype(np.float32))
    poses = targets.poses(robot, stance)
    np.testing.assert_allclose(poses["left"].position, [2.0 - 0.25, 1.3, 1.0], atol=1e-5)
    np.testing.assert_allclose(poses["right"].position, [2.3, 1.2, 0.9], atol=1e-5)


def test_joint_targets_of_the_robot_as_it_stands_are_its_own_wrists(
    standing: tuple[RobotState, StanceFrame],
) -> None:
    robot, stance = standing
    spec = action_spec("arm_joints", JOINT_RANGES)
    targets = WristTargets(spec)
    targets.reset(robot, stance)
    names = list(JOINT_RANGES)
    now = [
        robot.joint_positions[names.index(field.name)] if field.name in names else 0.0
        for field in spec.fields
    ]
    targets.update(spec.to_normalized(np.array(now)).astype(np.float32))
    poses = targets.poses(robot, stance)
    for side in SIDES:
        assert_same(poses[side], robot.links[f"{side}_wrist_yaw_link"])


def test_steps_of_one_wrist_add_up(standing: tuple[RobotState, StanceFrame]) -> None:
    robot, stance = standing
    spec = action_spec("right_arm", JOINT_RANGES)
    targets = WristTargets(spec)
    targets.reset(robot, stance)
    start = robot.links["right_wrist_yaw_link"]
    step = spec.to_normalized(np.array([0.02, 0.0, 0.03, 0.0, 0.0, 0.0, 0.0]))
    for _ in range(3):
        targets.update(step.astype(np.float32))
    poses = targets.poses(robot, stance)
    moved = stance.rotation @ np.array([0.06, 0.0, 0.09])
    np.testing.assert_allclose(poses["right"].position, start.position + moved, atol=1e-5)
    assert_same(poses["left"], robot.links["left_wrist_yaw_link"])
