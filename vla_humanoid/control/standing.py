"""Whole-body control of a standing robot: balance by DCM feedback while wrists and hands work."""

import math
from collections.abc import Mapping

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
from vla_humanoid.control.motor_feedback import MotorFeedback
from vla_humanoid.control.references import (
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
from vla_humanoid.control.standing_config import StandingConfig
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget, pose_of, stance_of
from vla_humanoid.control.whole_body_qp import (
    Limit,
    QpInfeasible,
    QpSolution,
    Task,
    WholeBodyQp,
)
from vla_humanoid.schema import (
    SIDES,
    WAIST_JOINTS,
    FloatArray,
    JointCommand,
    Pose,
    RobotState,
    arm_joint_names,
)


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
        self._support = Support()
        self.observe(state)
        stance = self._stance
        self._tracked: tuple[str, ...] = ()
        self._targeted: list[int] = []
        height = float(model.frame("pelvis").position[2] - stance.origin[2])
        self._height = ScalarReference(height, config.height_limits)
        self._grips = dict.fromkeys(SIDES, 0.0)
        self._feedback = MotorFeedback(
            model,
            self._kp[BODY_INDICES],
            self._kd[BODY_INDICES],
            np.where(self._upper, config.feedback_share, 1.0) * model.effort_limit,
            config.reference_leak,
            config.dt,
        )
        self._solution = QpSolution(np.zeros(model.nv), model.bias[6:].copy(), {})
        self.infeasible_solves = 0
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

    def observe(self, state: RobotState) -> None:
        """Let `balance` and `stance` describe a state, without any command."""
        self.model.update(state)
        self._soles = self.model.soles()
        self._stance = stance_of(self._soles)
        support = self._support.update(self._soles)
        self.balance = measure_balance(self.model, self._soles, support, state.foot_wrenches)

    def command(self, state: RobotState) -> JointCommand:
        """Return joint commands for the next control period; `balance` then describes ``state``."""
        self.observe(state)
        self._pelvis, self._torso = self.model.frame("pelvis"), self.model.frame("torso_link")
        self._advance_references()
        soles = self._soles
        tasks = [self._com_task(soles), *self._trunk_tasks(), *self._wrist_tasks()]
        tasks += [self._sole_task(sole) for sole in soles.values()]
        feedback = self._feedback.advance(self._solution.acceleration[6:])
        try:
            self._solution = self._qp.solve(
                tasks, self._posture(), self._trunk_limit(), soles, feedback
            )
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
        weight = self._wrist_weight * self._yielding_share()
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

    def _yielding_share(self) -> float:
        """Return the share of their weight that the arms keep while balance is at stake."""
        low, high = self.config.yield_margins
        return min(max((self.balance.support_margin - low) / (high - low), 0.01), 1.0)

    def _sole_task(self, sole: FrameMotion) -> Task:
        wanted = -self.config.sole_damping * sole.velocity
        return Task(sole.jacobian, wanted - sole.drift, self._sole_weight)

    def _posture(self) -> Task:
        model, weight = self.model, self._posture_weight
        pull = self._posture_stiffness * (self._posture_position - model.positions)
        target = pull - self._posture_damping * model.velocities
        if self._target.joints:
            joints, references = self._targeted, self._joint_references
            stiffness, reach = self.config.joint_target_stiffness, self.config.joint_error
            error = np.clip(references.positions - model.positions[joints], -reach, reach)
            target[joints] = (
                references.accelerations
                + stiffness * error
                + _critical(stiffness) * (references.velocities - model.velocities[joints])
            )
            weight = weight.copy()
            weight[joints] *= self._yielding_share()
        return Task(np.empty((0, 0)), target, weight)

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
        targets, velocities, torques = np.zeros((3, len(JOINT_NAMES)))
        targets[BODY_INDICES] = self._feedback.positions
        velocities[BODY_INDICES] = self._feedback.velocities
        torques[BODY_INDICES] = self._solution.torque
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
