"""Rotations as quaternions (w, x, y, z), rotation vectors and matrices, by MuJoCo's C core."""

import math

import mujoco
import numpy as np

from vla_humanoid.schema import FloatArray


def quat_to_matrix(quat_wxyz: FloatArray) -> FloatArray:
    """Return the rotation matrix, shape (3, 3), of a unit quaternion, shape (4,)."""
    matrix = np.empty(9)
    mujoco.mju_quat2Mat(matrix, quat_wxyz)
    return matrix.reshape(3, 3)


def matrix_to_quat(matrix: FloatArray) -> FloatArray:
    """Return the unit quaternion, shape (4,), of a rotation matrix, shape (3, 3)."""
    quat = np.empty(4)
    mujoco.mju_mat2Quat(quat, matrix.ravel())
    return quat


def rotvec_to_quat(rotvec: FloatArray) -> FloatArray:
    """Return the unit quaternion, shape (4,), of a rotation vector [rad], shape (3,)."""
    quat = np.array([1.0, 0.0, 0.0, 0.0])
    mujoco.mju_quatIntegrate(quat, rotvec, 1.0)
    return quat


def quat_to_rotvec(quat_wxyz: FloatArray) -> FloatArray:
    """Return the rotation vector [rad], shape (3,), of a unit quaternion; at most pi long."""
    rotvec = np.empty(3)
    mujoco.mju_quat2Vel(rotvec, quat_wxyz, 1.0)
    return rotvec


def quat_multiply(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the product of two quaternions: rotate by ``second``, then by ``first``."""
    product = np.empty(4)
    mujoco.mju_mulQuat(product, first, second)
    return product


def quat_conjugate(quat_wxyz: FloatArray) -> FloatArray:
    """Return the inverse of a unit quaternion."""
    inverse = np.empty(4)
    mujoco.mju_negQuat(inverse, quat_wxyz)
    return inverse


def rotation_error(target_wxyz: FloatArray, current_wxyz: FloatArray) -> FloatArray:
    """Return the world-frame rotation vector that carries ``current`` to ``target`` [rad]."""
    return quat_to_rotvec(quat_multiply(target_wxyz, quat_conjugate(current_wxyz)))


def yaw_of(matrix: FloatArray) -> float:
    """Return the heading of a frame's x axis about the vertical [rad]."""
    return math.atan2(matrix.item(1, 0), matrix.item(0, 0))
