import daqp
import numpy as np
import pytest

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.postures import READY
from vla_humanoid.control.collision_capsules import PAIRS
from vla_humanoid.control.robot_model import BODY_INDICES, RobotModel
from vla_humanoid.control.rotations import quat_multiply, rotvec_to_quat
from vla_humanoid.control.self_collision import SelfCollisionConfig, SelfCollisionGuard
from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, RobotState, Twist

STEP = 1e-6
PERIOD = 0.004
UPPER = np.flatnonzero(BODY_INDICES >= 12)
"""Waist and arms, among the body joints."""


def robot_at(positions: FloatArray, velocities: FloatArray, twist: FloatArray) -> RobotState:
    pose = Pose(np.array([0.0, 0.0, 0.74]), np.array([1.0, 0.0, 0.0, 0.0]))
    base = RigidBodyState(pose, Twist(twist[:3], twist[3:]))
    return RobotState(base, positions, velocities, {}, {})


def ready() -> FloatArray:
    return np.array([READY[name] for name in JOINT_NAMES])


def moving_robot(rng: np.random.Generator) -> RobotState:
    velocities = np.zeros(len(JOINT_NAMES))
    velocities[BODY_INDICES] = rng.normal(size=len(BODY_INDICES))
    positions = ready()
    positions[BODY_INDICES] += rng.uniform(-0.4, 0.4, len(BODY_INDICES))
    return robot_at(positions, velocities, rng.normal(size=6))


def a_moment_later(state: RobotState) -> RobotState:
    pose, twist = state.base.pose, state.base.twist
    turned = quat_multiply(rotvec_to_quat(STEP * twist.angular), pose.quat_wxyz)
    base = RigidBodyState(Pose(pose.position + STEP * twist.linear, turned), twist)
    positions = state.joint_positions + STEP * state.joint_velocities
    return RobotState(base, positions, state.joint_velocities, {}, {})


@pytest.mark.parametrize("seed", range(6))
def test_rates_are_derivatives_of_distances(seed: int) -> None:
    model, state = RobotModel(), moving_robot(np.random.default_rng(seed))
    guard = SelfCollisionGuard(model, SelfCollisionConfig(activation=0.3))
    model.update(state)
    near = guard.proximity()
    assert len(near.pairs) > 20
    assert near.distance == pytest.approx(guard.distances()[near.pairs])
    assert np.all(near.jacobian[:, :6] == 0.0), "The base moves both links of a pair alike."
    model.update(a_moment_later(state))
    changed = (guard.distances()[near.pairs] - near.distance) / STEP
    assert changed == pytest.approx(near.rate, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_points_on_links_move_as_their_frames_do(seed: int) -> None:
    model, state = RobotModel(), moving_robot(np.random.default_rng(seed))
    links = ("left_wrist_yaw_link", "torso_link", "right_knee_link")
    model.update(state)
    points, numbers = model.link_points(links), np.arange(len(links))
    origins, rotations = points.frames()
    drifts = points.drifts(numbers, origins)
    offset = np.array([0.1, -0.2, 0.05])
    beyond = points.drifts(numbers, origins + rotations @ offset)
    for i, link in enumerate(links):
        frame = model.frame(link)
        assert origins[i] == pytest.approx(frame.position)
        assert drifts[i] == pytest.approx(frame.drift[:3])
        arm, spin, turn = frame.rotation @ offset, frame.velocity[3:], frame.drift[3:]
        wanted = frame.drift[:3] + np.cross(turn, arm) + np.cross(spin, np.cross(spin, arm))
        assert beyond[i] == pytest.approx(wanted)


def test_nothing_is_bounded_where_nothing_is_close() -> None:
    model = RobotModel()
    model.update(robot_at(ready(), np.zeros(len(JOINT_NAMES)), np.zeros(6)))
    limit = SelfCollisionGuard(model, SelfCollisionConfig(activation=0.02)).limit()
    assert limit.jacobian.shape == (0, model.nv)
    assert limit.high.shape == (0,)


def test_the_ready_posture_is_clear_of_itself() -> None:
    model, guarded = RobotModel(), SelfCollisionConfig()
    model.update(robot_at(ready(), np.zeros(len(JOINT_NAMES)), np.zeros(6)))
    guard = SelfCollisionGuard(model, guarded)
    assert guard.distances().min() > guarded.margin + 0.02
    limit = guard.limit()
    assert len(limit.high) in guarded.rows
    assert np.all(limit.high > 0.0), "A robot at rest may stay at rest."


def test_the_feet_of_the_narrowest_step_are_left_alone() -> None:
    model = RobotModel()
    positions = ready()
    for side, sign in (("left", -1.0), ("right", 1.0)):
        positions[JOINT_NAMES.index(f"{side}_hip_roll_joint")] += sign * 0.064
    model.update(robot_at(positions, np.zeros(len(JOINT_NAMES)), np.zeros(6)))
    soles = model.soles()
    apart = float(np.linalg.norm((soles["left"].position - soles["right"].position)[:2]))
    assert apart == pytest.approx(0.17, abs=0.01)
    guard = SelfCollisionGuard(model)
    legs = [i for i, pair in enumerate(PAIRS) if pair[1].endswith(("thigh", "shank", "foot"))]
    assert guard.distances()[legs].min() > guard.config.margin + 0.02


class GuidedArms:
    """Waist and arms as double integrators that pull both wrists to targets, held by the guard."""

    def __init__(self) -> None:
        self.model = RobotModel()
        self.guard = SelfCollisionGuard(self.model)
        self.positions, self.velocities = ready(), np.zeros(len(JOINT_NAMES))
        self.least = np.inf

    def update(self) -> None:
        self.model.update(robot_at(self.positions, self.velocities, np.zeros(6)))
        self.least = min(self.least, float(self.guard.distances().min()))

    def pull(self, targets: dict[str, FloatArray], seconds: float, speed: float = 0.6) -> None:
        joints = BODY_INDICES[UPPER]
        low, high = self.model.position_low[UPPER], self.model.position_high[UPPER]
        for _ in range(round(seconds / PERIOD)):
            self.update()
            dq = self.velocities[joints]
            H, f = 0.02 * np.eye(len(joints)), 0.2 * dq
            for side, target in targets.items():
                wrist = self.model.frame(f"{side}_wrist_yaw_link")
                velocity = 10.0 * (target - wrist.position)
                velocity *= min(1.0, speed / float(np.linalg.norm(velocity)))
                J = wrist.jacobian[:3, 6 + UPPER]
                H += J.T @ J
                f -= J.T @ (20.0 * (velocity - wrist.velocity[:3]) - wrist.drift[:3])
            limit = self.guard.limit()
            rows = np.ascontiguousarray(limit.jacobian[:, 6 + UPPER])
            most = np.concatenate([144.0 * (high - self.positions[joints]) - 24.0 * dq, limit.high])
            least = 144.0 * (low - self.positions[joints]) - 24.0 * dq
            least = np.concatenate([least, np.full(len(limit.high), -1e30)])
            sense = np.zeros(len(most), dtype=np.int32)
            acceleration, _, flag, _ = daqp.solve(H, f, rows, most, least, sense)
            assert flag == 1, "The guard must not make the program infeasible."
            self.positions[joints] += PERIOD * dq + 0.5 * PERIOD**2 * acceleration
            self.velocities[joints] += PERIOD * acceleration


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((0.0, 0.05, 1.0), (0.0, -0.05, 0.7)),
        ((0.25, 0.0, 0.9), (0.25, 0.0, 0.9)),
        ((0.2, -0.2, 1.0), (0.2, 0.2, 1.0)),
        ((0.02, 0.1, 1.2), (0.1, -0.12, 0.5)),
    ],
    ids=["trunk", "each other", "crossed", "head and thigh"],
)
def test_hands_that_are_pulled_into_the_robot_stop_at_the_margin(
    left: tuple[float, float, float], right: tuple[float, float, float]
) -> None:
    arms = GuidedArms()
    arms.pull({"left": np.array(left), "right": np.array(right)}, 2.5)
    margin = arms.guard.config.margin
    assert arms.least > margin - 0.002
    assert arms.guard.distances().min() < margin + 0.005, "Nothing came close: nothing was tested."


def test_links_that_overlap_are_pushed_apart() -> None:
    arms = GuidedArms()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        arms.positions[JOINT_NAMES.index(f"{side}_shoulder_yaw_joint")] -= sign * 0.5
    arms.update()
    assert arms.least < -0.01
    clear = {"left": np.array([0.2, 0.2, 0.9]), "right": np.array([0.2, -0.2, 0.9])}
    arms.pull(clear, 1.0)
    assert arms.guard.distances().min() > arms.guard.config.margin


def test_pushes_are_within_what_joints_can_do() -> None:
    model = RobotModel()
    velocities = np.zeros(len(JOINT_NAMES))
    velocities[BODY_INDICES] = np.random.default_rng(0).normal(size=len(BODY_INDICES)) * 10.0
    model.update(robot_at(ready(), velocities, np.zeros(6)))
    guard = SelfCollisionGuard(model, SelfCollisionConfig(activation=0.2))
    limit = guard.limit()
    assert len(limit.high) == guard.config.rows[-1]
    strongest = guard.config.push * np.abs(limit.jacobian).sum(axis=1)
    assert np.all(limit.high >= -strongest - 1e-9)
    assert np.any(limit.high < 0.0)
