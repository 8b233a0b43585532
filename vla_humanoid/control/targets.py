"""What the layers above ask of the whole body."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.rotations import (
    matrix_to_quat,
    quat_conjugate,
    quat_multiply,
    quat_to_matrix,
    yaw_of,
)
from vla_humanoid.schema import FloatArray, Pose


@dataclass(frozen=True)
class StanceFrame:
    """A frame on the floor midway between the soles, x along their mean heading, z up.

    Args:
        origin: [m], world frame, shape (3,).
        yaw: heading of its x axis [rad].
    """

    origin: FloatArray
    yaw: float

    @cached_property
    def quat_wxyz(self) -> FloatArray:
        """Orientation in the world."""
        return np.array([math.cos(0.5 * self.yaw), 0.0, 0.0, math.sin(0.5 * self.yaw)])

    @cached_property
    def rotation(self) -> FloatArray:
        """Matrix from this frame to the world, shape (3, 3)."""
        return quat_to_matrix(self.quat_wxyz)

    def to_world(self, pose: Pose) -> Pose:
        """Express a pose given in this frame in the world frame."""
        position = self.origin + self.rotation @ pose.position
        return Pose(position, quat_multiply(self.quat_wxyz, pose.quat_wxyz))

    def from_world(self, pose: Pose) -> Pose:
        """Express a pose given in the world frame in this frame."""
        position = self.rotation.T @ (pose.position - self.origin)
        return Pose(position, quat_multiply(quat_conjugate(self.quat_wxyz), pose.quat_wxyz))


def stance_frame(left: Pose, right: Pose) -> StanceFrame:
    """Return the stance frame of two soles given in the world frame."""
    return _midway(
        left.position,
        quat_to_matrix(left.quat_wxyz),
        right.position,
        quat_to_matrix(right.quat_wxyz),
    )


def stance_of(soles: Mapping[str, FrameMotion]) -> StanceFrame:
    """Return the stance frame of the robot model's soles."""
    left, right = soles["left"], soles["right"]
    return _midway(left.position, left.rotation, right.position, right.rotation)


def _midway(
    left: FloatArray, left_rotation: FloatArray, right: FloatArray, right_rotation: FloatArray
) -> StanceFrame:
    # The bisector of two headings is the direction of the sum of their unit vectors.
    yaws = (yaw_of(left_rotation), yaw_of(right_rotation))
    sine, cosine = sum(map(math.sin, yaws)), sum(map(math.cos, yaws))
    return StanceFrame(0.5 * (left + right), math.atan2(sine, cosine))


def pose_of(frame: FrameMotion) -> Pose:
    """Return the pose of a frame of the robot model."""
    return Pose(frame.position, matrix_to_quat(frame.rotation))


@dataclass(frozen=True)
class WholeBodyTarget:
    """A posture for the whole body, held until the next one.

    Args:
        wrists: per side, the pose of the wrist yaw link in the stance frame; an arm that is absent
            here follows ``joints``.
        joints: wanted positions of single joints by name [rad].
        grips: per side, 0 for an open hand, 1 for a closed one.
        base_velocity: vx, vy [m/s] and yaw rate [rad/s] in the stance frame, shape (3,).
        pelvis_height: above the stance frame [m].
    """

    wrists: Mapping[str, Pose]
    joints: Mapping[str, float]
    grips: Mapping[str, float]
    base_velocity: FloatArray
    pelvis_height: float
