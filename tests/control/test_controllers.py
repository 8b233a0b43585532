from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from standing_robot import StandingRobot, tilt

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.postures import READY
from vla_humanoid.control.balance_config import TrunkConfig
from vla_humanoid.control.controllers import BalancedController, make_controller
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.schema import (
    CONTROL_RATE,
    SIDES,
    WAIST_JOINTS,
    ControlMode,
    FloatArray,
    Pose,
    RobotState,
    WorldState,
    action_spec,
    arm_joint_names,
)
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation

BALANCED: tuple[ControlMode, ...] = ("end_effector", "arm_joints", "right_arm")
ARMS_AND_WAIST = (*arm_joint_names("left"), *arm_joint_names("right"), *WAIST_JOINTS)


@cache
def world() -> tuple[MujocoSimulation, WorldState]:
    """A simulation and its robot, ready and at rest."""
    simulation = StandingRobot().simulation
    return simulation, simulation.state()


class Driven:
    """The ready robot under the controller of a mode."""

    def __init__(self, mode: ControlMode) -> None:
        self.spec = action_spec(mode, JOINT_RANGES)
        self.controller = make_controller(self.spec)
        self.restart()

    def restart(self) -> None:
        simulation, start = world()
        self.controller.reset(simulation.reset(start).robot)

    def act(self, action: FloatArray, seconds: float) -> None:
        """Hold a physical action."""
        simulation, _ = world()
        self.controller.set_action(self.spec.to_normalized(action))
        for _ in range(round(seconds * CONTROL_RATE)):
            simulation.step(self.controller.command(simulation.robot_state()), 2)

    @property
    def state(self) -> RobotState:
        return world()[0].robot_state()

    @property
    def height(self) -> float:
        return float(self.state.base.pose.position[2])

    def wrist(self, side: str) -> Pose:
        return self.controller.stance.from_world(self.state.links[f"{side}_wrist_yaw_link"])

    def action(self, values: dict[str, float]) -> FloatArray:
        """The action of some entries by name; the others are zero, the pelvis high."""
        values = {"pelvis_height": 0.74, **values}
        return np.array([values.get(field.name, 0.0) for field in self.spec.fields])


def random_action(robot: Driven, seed: int) -> FloatArray:
    """Anything that a mode allows to a stand; joints within half a radian of the ready posture."""
    rng = np.random.default_rng(seed)
    action = rng.uniform(robot.spec.low, robot.spec.high)
    for i, field in enumerate(robot.spec.fields):
        if field.name in READY:
            near = READY[field.name] + rng.uniform(-0.5, 0.5)
            action[i] = np.clip(near, field.low, field.high)
        if field.name.startswith("base_velocity"):
            action[i] = 0.0
    return action


@pytest.mark.parametrize("mode", BALANCED)
def test_balanced_modes_keep_the_robot_on_its_feet_whatever_they_are_told(
    mode: ControlMode,
) -> None:
    robot = Driven(mode)
    assert isinstance(robot.controller, BalancedController)
    for seed in range(4):
        robot.restart()
        robot.act(random_action(robot, seed), 1.5)
        # It may walk by then, where the capture point is ahead of the feet at times.
        assert robot.height > TrunkConfig().min_height - 0.02
        assert max(tilt(robot.state.links["torso_link"]), tilt(robot.state.base.pose)) < 0.5
        assert "relaxed_limits" not in robot.controller.safety.interventions.counts


@pytest.mark.parametrize("seed", [21, 43])
def test_arms_that_are_told_to_go_through_the_trunk_do_not_throw_the_robot_over(
    seed: int,
) -> None:
    robot = Driven("arm_joints")
    normalized = np.random.default_rng(seed).uniform(-1.0, 1.0, robot.spec.dim)
    robot.act(robot.spec.to_physical(normalized), 2.5)
    assert robot.height > 0.45


@pytest.mark.parametrize("mode", BALANCED)
def test_a_used_controller_does_what_a_fresh_one_does(mode: ControlMode) -> None:
    used, outcomes = Driven(mode), []
    used.act(random_action(used, 1), 0.3)
    for robot in (used, Driven(mode)):
        robot.restart()
        robot.act(random_action(robot, 2), 0.3)
        outcomes.append(robot.state.joint_positions)
    np.testing.assert_array_equal(*outcomes)


def test_without_balance_every_joint_goes_where_it_is_told() -> None:
    robot = Driven("joints")
    names = ("left_elbow_joint", "right_wrist_roll_joint", "right_hand_index_0_joint")
    position = np.array([READY[name] for name in JOINT_NAMES])
    indices = [JOINT_NAMES.index(name) for name in names]
    position[indices] += (0.3, -0.4, 0.3)
    robot.act(position, 1.0)
    assert robot.controller.grips == {"left": 0.0, "right": 0.0}
    assert robot.state.joint_positions == pytest.approx(position, abs=0.1)
    assert robot.state.joint_positions[indices] == pytest.approx(position[indices], abs=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_arm_joints_reaches_its_joint_targets(seed: int) -> None:
    robot, rng = Driven("arm_joints"), np.random.default_rng(seed)
    reach = {name: 0.15 if name in WAIST_JOINTS else 0.4 for name in ARMS_AND_WAIST}
    targets = {}
    for name in ARMS_AND_WAIST:
        low, high = JOINT_RANGES[name]
        target = READY[name] + rng.uniform(-reach[name], reach[name])
        targets[name] = float(np.clip(target, low + 0.05, high - 0.05))
    for side, outward in (("left", 1.0), ("right", -1.0)):  # Clear of the trunk.
        for joint in ("shoulder_roll", "shoulder_yaw"):
            targets[f"{side}_{joint}_joint"] = outward * rng.uniform(0.1, 0.6)
    robot.act(robot.action(targets), 2.5)
    for name, target in targets.items():
        position = robot.state.joint_positions[JOINT_NAMES.index(name)]
        assert position == pytest.approx(target, abs=0.02), name


def test_right_arm_steps_add_up_to_the_wrists_way() -> None:
    robot = Driven("right_arm")
    start = {side: robot.wrist(side) for side in SIDES}
    step = np.array([0.012, -0.006, 0.01, 0.0, 0.0, 0.04, 1.0])
    for _ in range(10):
        robot.act(step, 0.048)
    robot.act(np.array([0.0] * 6 + [1.0]), 1.5)
    moved = robot.wrist("right").position - start["right"].position
    assert moved == pytest.approx(10.0 * step[:3], abs=0.02)
    rotation = quat_to_matrix(robot.wrist("right").quat_wxyz)
    turned = rotation @ quat_to_matrix(start["right"].quat_wxyz).T
    assert np.arctan2(turned[1, 0], turned[0, 0]) == pytest.approx(0.4, abs=0.05)
    assert robot.wrist("left").position == pytest.approx(start["left"].position, abs=0.02)
    assert robot.controller.grips == {"left": 0.0, "right": pytest.approx(1.0)}


@pytest.mark.parametrize("mode", ["end_effector", "arm_joints"])
def test_grips_close_the_hands_they_belong_to(mode: ControlMode) -> None:
    robot = Driven(mode)
    wrists = {side: robot.wrist(side).position for side in SIDES}
    values = {
        f"{side}_wrist_{axis}": float(wrists[side][i])
        for side in SIDES
        for i, axis in enumerate("xyz")
    }
    values |= {name: READY[name] for name in ARMS_AND_WAIST}
    robot.act(robot.action({**values, "left_grip": 1.0}), 0.8)
    assert robot.controller.grips == {"left": pytest.approx(1.0), "right": 0.0}
    positions = dict(zip(JOINT_NAMES, robot.state.joint_positions.tolist(), strict=True))
    assert positions["left_hand_index_0_joint"] < -1.0
    assert abs(positions["right_hand_index_0_joint"]) < 0.6


@pytest.mark.parametrize(
    "direction",
    [(1, 0, 0), (1, 0, -1), (0, 1, 0), (1, -1, -1), (-1, 0, 0), (0, 0, 1)],
    ids=["ahead", "down ahead", "left", "down right", "back", "up"],
)
@pytest.mark.parametrize("height", [0.74, 0.3], ids=["high", "low"])
def test_reaching_for_what_is_out_of_reach_upsets_nothing(
    direction: tuple[int, int, int], height: float
) -> None:
    robot = StandingRobot()
    away = np.array(direction) / np.linalg.norm(direction)
    wrists = {
        side: Pose(pose.position + away, pose.quat_wxyz)
        for side, pose in robot.target.wrists.items()
    }
    robot.controller.set_target(replace(robot.target, wrists=wrists, pelvis_height=height))
    limits = robot.controller.config.trunk
    for _ in range(12):
        robot.run(0.25)
        links = robot.simulation.robot_state().links
        assert max(tilt(links["torso_link"]), tilt(links["pelvis"])) < limits.max_tilt + 0.05
        assert robot.height > limits.min_height - 0.02
        assert robot.controller.balance.support_margin > 0.0
    assert "relaxed_limits" not in robot.controller.interventions.counts
