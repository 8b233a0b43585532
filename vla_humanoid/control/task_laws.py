"""The PD laws on accelerations by which tasks of the whole-body program follow references."""

import math

import numpy as np

from vla_humanoid.control.frames import FrameMotion
from vla_humanoid.control.plain_vectors import rotation_between
from vla_humanoid.control.rotations import matrix_to_quat
from vla_humanoid.control.whole_body_qp import Task
from vla_humanoid.schema import FloatArray


def critical(stiffness: float) -> float:
    """Return the critical damping [1/s] of a stiffness [1/s^2]."""
    return 2.0 * math.sqrt(stiffness)


def upright_task(
    frame: FrameMotion, yaw: float, turning: float, stiffness: float, weight: FloatArray
) -> Task:
    """Return the task that holds a frame upright at a heading, critically damped.

    Args:
        frame: of the robot.
        yaw: wanted heading [rad].
        turning: rate of the heading [rad/s].
        stiffness: [1/s^2].
        weight: shape (3,).
    """
    qw, qx, qy, qz = matrix_to_quat(frame.rotation).tolist()
    target = (math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw))
    ex, ey, ez = rotation_between(target, (qw, qx, qy, qz))
    _, _, _, wx, wy, wz = frame.velocity.tolist()
    _, _, _, dx, dy, dz = frame.drift.tolist()
    damping = critical(stiffness)
    wanted = (
        stiffness * ex - damping * wx - dx,
        stiffness * ey - damping * wy - dy,
        stiffness * ez + damping * (turning - wz) - dz,
    )
    return Task(frame.jacobian[3:], np.array(wanted), weight)
