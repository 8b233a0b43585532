"""Whole-body control of a standing robot: balance by DCM feedback while wrists and hands work."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.postures import READY
from vla_humanoid.control.balance_state import (
    Support,
    floor_height,
    measure_balance,
    pendulum_frequency,
)
from vla_humanoid.control.hands import FINGER_KD, FINGER_KP, HAND_INDICES, finger_positions
from vla_humanoid.control.references import (
    FilterLimits,
    JointReferences,
    PoseReferences,
    ScalarReference,
    within,
)
from vla_humanoid.control.robot_model import (
    BODY_INDICES,
    BODY_JOINTS,
    FrameMotion,
    RobotModel,
)
from vla_humanoid.control.rotations import matrix_to_quat, rotation_error
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget, pose_of, stance_of
from vla_humanoid.control.whole_body_qp import (
    Limit,
    QpConfig,
    QpInfeasible,
    QpSolution,
    Task,
    WholeBodyQp,
)
from vla_humanoid.schema import (
    CONTROL_RATE,
    SIDES,
    WAIST_JOINTS,
    FloatArray,
    JointCommand,
    Pose,
    RobotState,
    arm_joint_names,
)

_WRIST = FilterLimits(bandwidth=20.0, speed=0.6, acceleration=3.0)
_WRIST_ROTATION = FilterLimits(bandwidth=20.0, speed=3.0, acceleration=25.0)
_JOINT = FilterLimits(bandwidth=20.0, speed=3.0, acceleration=25.0)
_HEIGHT = FilterLimits(bandwidth=6.0, speed=0.3, acceleration=1.5)


@dataclass(frozen=True)
class StandingConfig:
    """Gains and weights of the standing controller.

    Each task is a PD law on accelerations with stiffness [1/s^2]; damping is critical unless given.

    Args:
        dt: period of the controller [s].
        dcm_gain: how fast DCM errors are driven out [1/s].
        zmp_margin: the commanded ZMP keeps this far from the edge of the support [m].
        com_weight: of the horizontal centre of mass.
        height_stiffness, height_weight: of the pelvis height.
        torso_stiffness, torso_weight: of the torso's orientation: low, so that it leans to reach.
        pelvis_weight: of the pelvis's orientation.
        sole_damping, sole_weight: keep the soles from moving.
        wrist_stiffness: of a wrist's pose.
        wrist_position_weight, wrist_rotation_weight: of a wrist's pose.
        posture_stiffness, posture_damping: of the joints' pull to the nominal posture.
        posture_weight, leg_posture_weight: of joints that no task moves; legs follow the tasks.
        joint_target_stiffness, joint_target_weight: of joints that have a target of their own.
        wrist_error, wrist_rotation_error: where a wrist lags further behind, it is pulled no harder
            [m], [rad], so that an unreachable target cannot upset the balance.
        yield_margins: support margins between which the wrists' weights fade from nothing to full
            [m]: balance comes first, also where a hand presses on something.
        max_tilt: of pelvis and torso from the vertical [rad].
        min_height: of the pelvis above the floor [m].
        limit_rate: how fast these two limits may be approached [1/s].
        wrist_limits, wrist_rotation_limits, joint_limits, height_limits: how references may move.
        grip_rate: largest change of a grip [1/s].
        upper_kp, upper_kd: stiffness [N m/rad] and damping [N m s/rad] of arm and waist motors
            about the integrated accelerations; they overcome friction in the gears.
        lower_kd: damping of the leg motors [N m s/rad].
        reference_leak: how fast the integrated positions return to the measured ones [1/s].
        reference_torque: largest torque by which an integrated position may pull a motor [N m].
    """

    dt: float = 1.0 / CONTROL_RATE
    dcm_gain: float = 6.0
    zmp_margin: float = 0.01
    com_weight: float = 60.0
    height_stiffness: float = 60.0
    height_weight: float = 2.0
    torso_stiffness: float = 60.0
    torso_weight: float = 1.0
    pelvis_weight: float = 0.7
    sole_damping: float = 50.0
    sole_weight: float = 30.0
    wrist_stiffness: float = 150.0
    wrist_position_weight: float = 10.0
    wrist_rotation_weight: float = 3.0
    posture_stiffness: float = 30.0
    posture_damping: float = 8.0
    posture_weight: float = 0.2
    leg_posture_weight: float = 0.05
    joint_target_stiffness: float = 150.0
    joint_target_weight: float = 8.0
    wrist_error: float = 0.05
    wrist_rotation_error: float = 0.4
    yield_margins: tuple[float, float] = (0.015, 0.055)
    max_tilt: float = 0.45
    min_height: float = 0.50
    limit_rate: float = 8.0
    wrist_limits: FilterLimits = _WRIST
    wrist_rotation_limits: FilterLimits = _WRIST_ROTATION
    joint_limits: FilterLimits = _JOINT
    height_limits: FilterLimits = _HEIGHT
    grip_rate: float = 4.0
    upper_kp: float = 40.0
    upper_kd: float = 1.0
    lower_kd: float = 1.0
    reference_leak: float = 3.0
    reference_torque: float = 6.0
    qp: QpConfig = field(default_factory=QpConfig)


class StandingController:
    """Keeps the robot on its feet, the ZMP inside their support, while it follows a target.

    The body leans and bends its knees to reach because the wrists weigh more than the posture.
    """

    def __init__(self, config: StandingConfig | None = None) -> None:
        self.config = config or StandingConfig()
        self.model = RobotModel()
        self._qp = WholeBodyQp(self.model, self.config.qp)
        self._nominal = np.array([READY[name] for name in BODY_JOINTS])
        upper = (*WAIST_JOINTS, *arm_joint_names("left"), *arm_joint_names("right"))
        self._upper = np.array([name in upper for name in BODY_JOINTS])
        self._kp = np.full(len(JOINT_NAMES), FINGER_KP)
        self._kd = np.full(len(JOINT_NAMES), FINGER_KD)
        self._kp[BODY_INDICES] = np.where(self._upper, self.config.upper_kp, 0.0)
        self._kd[BODY_INDICES] = np.where(self._upper, self.config.upper_kd, self.config.lower_kd)
        self.infeasible_solves = 0
        self._com_weight = np.full(2, self.config.com_weight)
        self._height_weight = np.full(1, self.config.height_weight)
        self._torso_weight = np.full(3, self.config.torso_weight)
        self._pelvis_weight = np.full(3, self.config.pelvis_weight)
        self._sole_weight = np.full(6, self.config.sole_weight)
        self._wrist_weight = np.repeat(
            [self.config.wrist_position_weight, self.config.wrist_rotation_weight], 3
        )

    def reset(self, state: RobotState) -> WholeBodyTarget:
        """Take over a standing robot and return the target that keeps it as it is."""
        config, model = self.config, self.model
        model.update(state)
        soles = model.soles()
        stance = stance_of(soles)
        self._stance = stance
        self._tracked: tuple[str, ...] = ()
        self._targeted: list[int] = []
        height = float(model.frame("pelvis").position[2] - stance.origin[2])
        self._height = ScalarReference(height, config.height_limits)
        self._grips = dict.fromkeys(SIDES, 0.0)
        self._joint_reference = model.positions.copy()
        self._joint_velocity_reference = np.zeros(len(BODY_JOINTS))
        self._solution = QpSolution(np.zeros(model.nv), model.bias[6:].copy(), {})
        self.infeasible_solves = 0
        self._support = Support(soles)
        support = self._support.update(soles)
        self.balance = measure_balance(model, soles, support, state.foot_wrenches)
        target = WholeBodyTarget(
            wrists={side: stance.from_world(self._wrist_pose(side)) for side in SIDES},
            joints={},
            grips=dict(self._grips),
            base_velocity=np.zeros(3),
            pelvis_height=height,
        )
        self.set_target(target)
        return target

    def set_target(self, target: WholeBodyTarget) -> None:
        """Take a new target; references glide to it from where they are."""
        self._target = target
        self._set_posture(target.joints)
        tracked = tuple(side for side in SIDES if side in target.wrists)
        if tracked != self._tracked:
            self._tracked = tracked
            self._wrists = PoseReferences(
                [self._stance.from_world(self._wrist_pose(side)) for side in tracked],
                self.config.wrist_limits,
                self.config.wrist_rotation_limits,
            )

    def command(self, state: RobotState) -> JointCommand:
        """Return joint commands for the next control period; `balance` then describes ``state``."""
        model = self.model
        model.update(state)
        soles = model.soles()
        self._stance = stance_of(soles)
        self._pelvis, self._torso = model.frame("pelvis"), model.frame("torso_link")
        support = self._support.update(soles)
        self.balance = measure_balance(model, soles, support, state.foot_wrenches)
        self._advance_references()
        tasks = [self._com_task(soles), *self._trunk_tasks(), *self._wrist_tasks()]
        tasks += [self._sole_task(sole) for sole in soles.values()]
        try:
            self._solution = self._qp.solve(tasks, self._posture(), self._trunk_limit(), soles)
        except QpInfeasible:
            self.infeasible_solves += 1
        return self._joint_command()

    @property
    def grips(self) -> dict[str, float]:
        """Per side, the grip that is commanded now: 0 open, 1 closed."""
        return dict(self._grips)

    @property
    def stance(self) -> StanceFrame:
        """The stance frame of the latest state."""
        return self._stance

    def _wrist_pose(self, side: str) -> Pose:
        return pose_of(self.model.frame(f"{side}_wrist_yaw_link"))

    def _advance_references(self) -> None:
        dt, target = self.config.dt, self._target
        self._wrists.advance([target.wrists[side] for side in self._tracked], dt)
        self._height.advance(target.pelvis_height, dt)
        if target.joints:
            self._joint_references.advance(np.array(list(target.joints.values())), dt)
        step = self.config.grip_rate * dt
        for side in SIDES:
            self._grips[side] += min(max(target.grips[side] - self._grips[side], -step), step)

    def _com_task(self, soles: dict[str, FrameMotion]) -> Task:
        """Steer the centre of mass by the ZMP that drives the DCM to the middle of the support.

        J. Englsberger et al., "Three-dimensional bipedal walking control based on divergent
        component of motion", T-RO 2015: with the ZMP at z, the LIPM accelerates by w^2 (c - z).
        """
        config, balance = self.config, self.balance
        omega = pendulum_frequency(float(balance.com[2]) - floor_height(soles))
        wanted_dcm = balance.support.center
        zmp = wanted_dcm + (1.0 + config.dcm_gain / omega) * (balance.dcm - wanted_dcm)
        zmp = balance.support.project(zmp, config.zmp_margin)
        acceleration = omega**2 * (balance.com[:2] - zmp)
        return Task(
            self.model.com_jacobian[:2],
            acceleration - self.model.com_drift[:2],
            self._com_weight,
        )

    def _trunk_tasks(self) -> list[Task]:
        config, height = self.config, self._height
        pelvis, torso = self._pelvis, self._torso
        error = height.value + self._stance.origin[2] - pelvis.position[2]
        rise = (
            height.acceleration
            + config.height_stiffness * error
            + _critical(config.height_stiffness) * (height.velocity - pelvis.velocity[2])
        )
        upright = self._stance.quat_wxyz
        return [
            Task(
                pelvis.jacobian[2:3],
                np.array([rise - pelvis.drift[2]]),
                self._height_weight,
            ),
            _rotation_task(torso, upright, config.torso_stiffness, self._torso_weight),
            _rotation_task(pelvis, upright, config.torso_stiffness, self._pelvis_weight),
        ]

    def _trunk_limit(self) -> Limit:
        """Keep pelvis and torso from tilting too far and the pelvis from sinking too low."""
        config, rate = self.config, self.config.limit_rate
        rows, bounds = [], []
        for frame in (self._pelvis, self._torso):
            axis, tilt = _tilt(frame.rotation)
            speed = axis @ frame.velocity[3:]
            rows.append(axis @ frame.jacobian[3:])
            room = config.max_tilt - tilt
            bounds.append(rate**2 * room - 2.0 * rate * speed - axis @ frame.drift[3:])
        room = self._pelvis.position[2] - self._stance.origin[2] - config.min_height
        rows.append(-self._pelvis.jacobian[2])
        bounds.append(
            rate**2 * room + 2.0 * rate * self._pelvis.velocity[2] + self._pelvis.drift[2]
        )
        return Limit(np.array(rows), np.array(bounds))

    def _wrist_tasks(self) -> list[Task]:
        config, tasks = self.config, []
        stiffness, damping = config.wrist_stiffness, _critical(config.wrist_stiffness)
        from_stance = self._stance.rotation.T
        weight = self._wrist_weight * self._wrist_share()
        for i, side in enumerate(self._tracked):
            frame = self.model.frame(f"{side}_wrist_yaw_link")
            goal = self._stance.to_world(self._wrists.pose(i))
            turn = rotation_error(goal.quat_wxyz, matrix_to_quat(frame.rotation))
            error = np.concatenate(
                [
                    within(goal.position - frame.position, config.wrist_error),
                    within(turn, config.wrist_rotation_error),
                ]
            )
            velocity = (self._wrists.twist(i).reshape(2, 3) @ from_stance).ravel()
            feedforward = (self._wrists.acceleration(i).reshape(2, 3) @ from_stance).ravel()
            wanted = feedforward + stiffness * error + damping * (velocity - frame.velocity)
            tasks.append(Task(frame.jacobian, wanted - frame.drift, weight))
        return tasks

    def _wrist_share(self) -> float:
        """Return the share of their weight that the wrists keep while balance is at stake."""
        low, high = self.config.yield_margins
        return min(max((self.balance.support_margin - low) / (high - low), 0.01), 1.0)

    def _sole_task(self, sole: FrameMotion) -> Task:
        wanted = -self.config.sole_damping * sole.velocity
        return Task(sole.jacobian, wanted - sole.drift, self._sole_weight)

    def _posture(self) -> Task:
        model = self.model
        pull = self._posture_stiffness * (self._posture_position - model.positions)
        target = pull - self._posture_damping * model.velocities
        if self._target.joints:
            joints, references = self._targeted, self._joint_references
            stiffness = self.config.joint_target_stiffness
            target[joints] = (
                references.accelerations
                + stiffness * (references.positions - model.positions[joints])
                + _critical(stiffness) * (references.velocities - model.velocities[joints])
            )
        return Task(np.empty((0, 0)), target, self._posture_weight)

    def _set_posture(self, joints: Mapping[str, float]) -> None:
        """Let joints with a target of their own glide to it; pull the others to the nominal."""
        config = self.config
        self._posture_position = self._nominal.copy()
        self._posture_stiffness = np.full(len(BODY_JOINTS), config.posture_stiffness)
        self._posture_damping = np.full(len(BODY_JOINTS), config.posture_damping)
        self._posture_weight = np.where(
            self._upper, config.posture_weight, config.leg_posture_weight
        )
        targeted = [BODY_JOINTS.index(name) for name in joints]
        self._posture_weight[targeted] = config.joint_target_weight
        if targeted != self._targeted:
            self._targeted = targeted
            self._joint_references = JointReferences(
                self.model.positions[targeted], config.joint_limits
            )

    def _joint_command(self) -> JointCommand:
        config, solution = self.config, self._solution
        q, dq = self.model.positions, self.model.velocities
        leak = config.reference_leak * config.dt
        reach = config.reference_torque / config.upper_kp
        velocity = self._joint_velocity_reference + solution.acceleration[6:] * config.dt
        velocity += leak * (dq - velocity)
        position = self._joint_reference + velocity * config.dt
        position += leak * (q - position)
        position = np.clip(position, q - reach, q + reach)
        self._joint_reference, self._joint_velocity_reference = position, velocity
        targets, velocities, torques = np.zeros((3, len(JOINT_NAMES)))
        targets[BODY_INDICES] = position
        velocities[BODY_INDICES] = velocity * self._upper
        torques[BODY_INDICES] = solution.torque
        for side in SIDES:
            targets[HAND_INDICES[side]] = finger_positions(side, self._grips[side])
        return JointCommand(targets, velocities, self._kp, self._kd, torques)


def _critical(stiffness: float) -> float:
    return 2.0 * float(np.sqrt(stiffness))


def _tilt(rotation: FloatArray) -> tuple[FloatArray, float]:
    """Return the horizontal axis about which a frame's z axis is tilted, and by how much [rad]."""
    x, y, z = rotation[:, 2]
    sine = math.hypot(x, y)
    axis = np.array([-y, x, 0.0]) / sine if sine > 1e-6 else np.array([0.0, 1.0, 0.0])
    return axis, math.atan2(sine, z)


def _rotation_task(
    frame: FrameMotion, target_wxyz: FloatArray, stiffness: float, weight: FloatArray
) -> Task:
    error = rotation_error(target_wxyz, matrix_to_quat(frame.rotation))
    wanted = stiffness * error - _critical(stiffness) * frame.velocity[3:]
    return Task(frame.jacobian[3:], wanted - frame.drift[3:], weight)
