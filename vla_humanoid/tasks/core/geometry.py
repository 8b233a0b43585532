"""Rotations of vectors by quaternions (w, x, y, z)."""

import numpy as np

from vla_humanoid.schema import FloatArray, Pose


def rotate(quat_wxyz: FloatArray, vector: FloatArray) -> FloatArray:
    """Rotate a vector, shape (3,), by a unit quaternion, shape (4,)."""
    w, axis = quat_wxyz[0], quat_wxyz[1:]
    cross = 2.0 * np.cross(axis, vector)
    return vector + w * cross + np.cross(axis, cross)


def to_world(pose: Pose, point: FloatArray) -> FloatArray:
    """Return a point of a body's frame in the world [m], shape (3,)."""
    return pose.position + rotate(pose.quat_wxyz, point)


def to_body(pose: Pose, point: FloatArray) -> FloatArray:
    """Return a point of the world in a body's frame [m], shape (3,)."""
    inverse = pose.quat_wxyz * np.array([1.0, -1.0, -1.0, -1.0])
    return rotate(inverse, point - pose.position)


def tilt(quat_wxyz: FloatArray) -> float:
    """Return the angle between a body's z axis and the vertical [rad]."""
    up = rotate(quat_wxyz, np.array([0.0, 0.0, 1.0]))
    return float(np.arccos(np.clip(up[2], -1.0, 1.0)))


def yaw_quat(yaw: float) -> tuple[float, float, float, float]:
    """Return the quaternion of a rotation about the vertical [rad]."""
    return float(np.cos(yaw / 2.0)), 0.0, 0.0, float(np.sin(yaw / 2.0))
