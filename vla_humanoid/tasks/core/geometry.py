"""Rotations of vectors by quaternions (w, x, y, z)."""

import math

import numpy as np

from vla_humanoid.schema import FloatArray, Pose


def rotate(quat_wxyz: FloatArray, vector: FloatArray) -> FloatArray:
    """Rotate a vector, shape (3,), by a unit quaternion, shape (4,)."""
    # Plain numbers: for three of them numpy's cross product costs ten times as much.
    w, x, y, z = quat_wxyz.tolist()
    a, b, c = vector.tolist()
    p, q, r = 2.0 * (y * c - z * b), 2.0 * (z * a - x * c), 2.0 * (x * b - y * a)
    return np.array(
        [
            a + w * p + y * r - z * q,
            b + w * q + z * p - x * r,
            c + w * r + x * q - y * p,
        ]
    )


def to_world(pose: Pose, point: FloatArray) -> FloatArray:
    """Return a point of a body's frame in the world [m], shape (3,)."""
    return pose.position + rotate(pose.quat_wxyz, point)


def to_body(pose: Pose, point: FloatArray) -> FloatArray:
    """Return a point of the world in a body's frame [m], shape (3,)."""
    inverse = pose.quat_wxyz * np.array([1.0, -1.0, -1.0, -1.0])
    return rotate(inverse, point - pose.position)


def tilt(quat_wxyz: FloatArray) -> float:
    """Return the angle between a body's z axis and the vertical [rad]."""
    _, x, y, _ = quat_wxyz.tolist()
    return math.acos(max(1.0 - 2.0 * (x * x + y * y), -1.0))


def yaw_quat(yaw: float) -> tuple[float, float, float, float]:
    """Return the quaternion of a rotation about the vertical [rad]."""
    return float(np.cos(yaw / 2.0)), 0.0, 0.0, float(np.sin(yaw / 2.0))
