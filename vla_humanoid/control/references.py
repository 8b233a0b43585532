"""Smooth references: filters that follow a target within limits of speed and acceleration."""

from dataclasses import dataclass

import numpy as np

from vla_humanoid.control.rotations import quat_multiply, rotation_error, rotvec_to_quat
from vla_humanoid.schema import FloatArray


@dataclass(frozen=True)
class FilterLimits:
    """How a reference may move.

    Args:
        bandwidth: natural frequency of the critically damped filter [rad/s].
        speed: largest speed [unit/s].
        acceleration: largest acceleration [unit/s^2].
    """

    bandwidth: float
    speed: float
    acceleration: float


class VectorReference:
    """A point, or any vector, that glides to its target.

    Args:
        start: shape (n,).
        limits: of the norm of velocity and acceleration.
    """

    def __init__(self, start: FloatArray, limits: FilterLimits) -> None:
        self.value = start.copy()
        self.velocity = np.zeros_like(start)
        self.acceleration = np.zeros_like(start)
        self._limits = limits

    def advance(self, target: FloatArray, dt: float) -> None:
        """Move for ``dt`` seconds towards ``target``, shape (n,)."""
        self.acceleration, self.velocity = _accelerate(
            target - self.value, self.velocity, self._limits, dt
        )
        self.value = self.value + self.velocity * dt


class RotationReference:
    """An orientation that glides to its target.

    Args:
        start: unit quaternion (w, x, y, z).
        limits: in [rad/s] and [rad/s^2].
    """

    def __init__(self, start: FloatArray, limits: FilterLimits) -> None:
        self.quat_wxyz = start.copy()
        self.velocity = np.zeros(3)
        self.acceleration = np.zeros(3)
        self._limits = limits

    def advance(self, target: FloatArray, dt: float) -> None:
        """Move for ``dt`` seconds towards ``target``, a unit quaternion (w, x, y, z)."""
        self.acceleration, self.velocity = _accelerate(
            rotation_error(target, self.quat_wxyz), self.velocity, self._limits, dt
        )
        self.quat_wxyz = quat_multiply(rotvec_to_quat(self.velocity * dt), self.quat_wxyz)


def _accelerate(
    error: FloatArray, velocity: FloatArray, limits: FilterLimits, dt: float
) -> tuple[FloatArray, FloatArray]:
    """Return acceleration and next velocity of the limited second-order filter."""
    rate = limits.bandwidth
    wanted = within(error * (0.5 * rate), limits.speed)
    acceleration = within((wanted - velocity) * (2.0 * rate), limits.acceleration)
    return acceleration, velocity + acceleration * dt


def within(vector: FloatArray, limit: float) -> FloatArray:
    """Return a vector shortened to a length where it is longer."""
    norm = float(np.sqrt(vector @ vector))
    return vector * (limit / norm) if norm > limit else vector
