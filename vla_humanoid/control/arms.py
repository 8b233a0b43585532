"""Tasks of the wrists."""

import math
from collections.abc import Mapping

import numpy as np

from vla_humanoid.control.balance_config import ArmsConfig
from vla_humanoid.control.frames import FrameMotion
from vla_humanoid.control.plain_vectors import (
    ZERO,
    Quat,
    multiplied,
    rotation_between,
    turned_by_yaw,
    within,
)
from vla_humanoid.control.references import GlidingPose, PoseReferences
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.control.rotations import matrix_to_quat
from vla_humanoid.control.stance_motion import StanceMotion
from vla_humanoid.control.targets import StanceFrame, pose_of
from vla_humanoid.control.task_laws import critical
from vla_humanoid.control.whole_body_qp import Task
from vla_humanoid.schema import SIDES, FloatArray, Pose


class Arms:
    """Moves wrists to poses in the stance frame.

    Args:
        config: gains and weights.
        model: the robot.
    """

    def __init__(self, config: ArmsConfig, model: RobotModel) -> None:
        self._config = config
        self._model = model
        self._weight = np.repeat([config.position_weight, config.rotation_weight], 3)
        self._tracked: tuple[str, ...] = ()
        self._goals: list[Pose] = []
        self._references = PoseReferences([], config.position_limits, config.rotation_limits)

    def set_targets(self, wrists: Mapping[str, Pose], stance: StanceFrame) -> None:
        """Take new poses in the stance frame; arms that just joined start where they are."""
        config = self._config
        tracked = tuple(side for side in SIDES if side in wrists)
        self._goals = [wrists[side] for side in tracked]
        if tracked != self._tracked:
            self._tracked = tracked
            self._references = PoseReferences(
                [self.measured(side, stance) for side in tracked],
                config.position_limits,
                config.rotation_limits,
            )

    def measured(self, side: str, stance: StanceFrame) -> Pose:
        """Return where a wrist is in the stance frame."""
        return stance.from_world(pose_of(self._model.frame(f"{side}_wrist_yaw_link")))

    def advance(self, dt: float, pace: float = 1.0) -> None:
        """Let the references glide to their targets, at a share of their speed."""
        self._references.advance(self._goals, dt, pace)

    def tasks(self, stance: StanceMotion, share: float) -> list[Task]:
        """Return one task per tracked wrist, its weight scaled by a share."""
        weight = self._weight * share
        tasks = []
        for side, reference in zip(self._tracked, self._references.poses, strict=True):
            wrist = self._model.frame(f"{side}_wrist_yaw_link")
            tasks.append(Task(wrist.jacobian, self._wanted(wrist, reference, stance), weight))
        return tasks

    def _wanted(
        self, wrist: FrameMotion, reference: GlidingPose, stance: StanceMotion
    ) -> FloatArray:
        """Return the acceleration that brings a wrist to its reference, less its drift."""
        config, linear, angular = self._config, reference.linear, reference.angular
        frame, yaw = stance.frame, stance.frame.yaw
        cosine, sine = math.cos(yaw), math.sin(yaw)
        # Where the reference is in the world.
        rx, ry, rz = turned_by_yaw(reference.position, cosine, sine)
        ox, oy, oz = frame.origin.tolist()
        upright: Quat = (math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw))
        goal = multiplied(upright, reference.quat_wxyz)
        # How far the wrist is from there.
        px, py, pz = wrist.position.tolist()
        sx, sy, sz, svx, svy, svz = stance.sway.tolist()
        away = ox + rx + sx - px, oy + ry + sy - py, oz + rz + sz - pz
        qw, qx, qy, qz = matrix_to_quat(wrist.rotation).tolist()
        turn = rotation_between(goal, (qw, qx, qy, qz))
        # A target that turns for ever must not drag along a wrist that cannot follow.
        follows = within(turn, config.rotation_error) is turn
        spin = turned_by_yaw(angular.velocity, cosine, sine) if follows else ZERO
        change = turned_by_yaw(angular.acceleration, cosine, sine) if follows else ZERO
        # How it moves, with the stance frame and with the sway.
        vx, vy, vz = turned_by_yaw(linear.velocity, cosine, sine)
        fx, fy, fz, turning = stance.velocity.tolist()
        vx, vy, vz = vx + fx - turning * ry + svx, vy + fy + turning * rx + svy, vz + fz + svz
        velocity = (vx, vy, vz, spin[0], spin[1], spin[2] + turning)
        feedforward = (*turned_by_yaw(linear.acceleration, cosine, sine), *change)
        errors = (*within(away, config.position_error), *within(turn, config.rotation_error))
        stiffness, damping = config.stiffness, critical(config.stiffness)
        motion = zip(feedforward, errors, velocity, wrist.velocity.tolist(), strict=True)
        return (
            np.array([a + stiffness * e + damping * (v - w) for a, e, v, w in motion]) - wrist.drift
        )
