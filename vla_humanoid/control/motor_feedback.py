"""Feedback that motors add to their commanded torques, bounded so that the sum keeps its limits."""

import numpy as np

from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.schema import FloatArray


class MotorFeedback:
    """Joint references that integrate the wanted accelerations, and the torques they cause.

    A joint that friction holds back falls behind its reference and is pulled ever harder. The pull
    is known before the whole-body program is solved, which leaves room for it.

    Args:
        model: the robot, as last updated.
        kp: stiffness of each motor [N m/rad], shape (29,); without any, a motor only damps.
        kd: damping of each motor [N m s/rad], positive, shape (29,).
        limit: largest torque of each motor's feedback [N m], shape (29,).
        leak: how fast references return to what is measured [1/s].
        dt: period [s].
    """

    def __init__(
        self,
        model: RobotModel,
        kp: FloatArray,
        kd: FloatArray,
        limit: FloatArray,
        leak: float,
        dt: float,
    ) -> None:
        self._model = model
        self._kp, self._kd, self._limit = kp, kd, limit
        self._follows = kp > 0.0
        self._divisor = np.where(self._follows, kp, 1.0)
        self._kept, self._dt = 1.0 - leak * dt, dt
        self.positions = model.positions.copy()
        """References [rad], shape (29,)."""
        self.velocities = np.zeros_like(self.positions)
        """References [rad/s], shape (29,)."""

    def advance(self, accelerations: FloatArray) -> FloatArray:
        """Move the references on and return the torques that they cause now [N m], shape (29,).

        Args:
            accelerations: wanted for the joints until now [rad/s^2], shape (29,).
        """
        q, dq = self._model.positions, self._model.velocities
        # A part of each difference leaks away.
        faster = self._kept * (self.velocities + accelerations * self._dt - dq)
        ahead = self._kept * (self.positions + (dq + faster) * self._dt - q)
        damping = _within(self._kd * faster, self._limit)
        stiffness = _within(self._kp * ahead, self._limit - np.abs(damping))
        # Keep the references where they cause just these torques.
        self.velocities = dq + damping / self._kd
        self.positions = q + stiffness / self._divisor
        return damping + stiffness


def _within(values: FloatArray, limits: FloatArray) -> FloatArray:
    # np.clip does the same and takes several times as long on a few numbers.
    return np.minimum(np.maximum(values, -limits), limits)
