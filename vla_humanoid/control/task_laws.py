"""The PD laws on accelerations by which tasks of the whole-body program follow references."""

import numpy as np

from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.rotations import matrix_to_quat, rotation_error
from vla_humanoid.control.whole_body_qp import Task
from vla_humanoid.schema import FloatArray


def critical(stiffness: float) -> float:
    """Return the critical damping [1/s] of a stiffness [1/s^2]."""
    return 2.0 * float(np.sqrt(stiffness))


def orientation_task(
    frame: FrameMotion,
    target_wxyz: FloatArray,
    angular_velocity: FloatArray,
    stiffness: float,
    weight: FloatArray,
) -> Task:
    """Return the task that turns a frame to an orientation, critically damped.

    Args:
        frame: of the robot.
        target_wxyz: wanted orientation, world frame.
        angular_velocity: of the target [rad/s], world frame, shape (3,).
        stiffness: [1/s^2].
        weight: shape (3,).
    """
    error = rotation_error(target_wxyz, matrix_to_quat(frame.rotation))
    wanted = stiffness * error + critical(stiffness) * (angular_velocity - frame.velocity[3:])
    return Task(frame.jacobian[3:], wanted - frame.drift[3:], weight)
