"""What the layers above ask of the whole body."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.rotations import (
    matrix_to_quat,
    quat_conjugate,
    quat_multiply,
    quat_to_matrix,
    rotvec_to_quat,
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

    @property
    def quat_wxyz(self) -> FloatArray:
        """Orientation in the world."""
        return rotvec_to_quat(np.array([0.0, 0.0, self.yaw]))

    @property
    def rotation(self) -> FloatArray:
        """Matrix from this frame to the world, shape (3, 3)."""
        return quat_to_matrix(self.quat_wxyz)

    def to_world(self, pose: Pose) -> Pose:
        """Express a pose given in this frame in the world frame."""
        quat = self.quat_wxyz
        position = self.origin + quat_to_matrix(quat) @ pose.position
        return Pose(position, quat_multiply(quat, pose.quat_wxyz))

    def from_world(self, pose: Pose) -> Pose:
        """Express a pose given in the world frame in this frame."""
        quat = self.quat_wxyz
        position = quat_to_matrix(quat).T @ (pose.position - self.origin)
        return Pose(position, quat_multiply(quat_conjugate(quat), pose.quat_wxyz))


def stance_frame(left: Pose, right: Pose) -> StanceFrame:
    """Return the stance frame of two soles given in the world frame."""
    heading = np.zeros(2)
    for sole in (left, right):
        yaw = yaw_of(quat_to_matrix(sole.quat_wxyz))
        heading += (np.cos(yaw), np.sin(yaw))
    return StanceFrame(
        origin=0.5 * (left.position + right.position),
        yaw=float(np.arctan2(heading[1], heading[0])),
    )


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
