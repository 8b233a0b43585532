"""Smooth references: filters that follow a target within limits of speed and acceleration."""

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from vla_humanoid.control.rotations import rotation_error
from vla_humanoid.schema import FloatArray, Pose


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


class ScalarReference:
    """A number that glides to its target."""

    def __init__(self, start: float, limits: FilterLimits) -> None:
        self.value = start
        self.velocity = 0.0
        self.acceleration = 0.0
        self._limits = limits

    def advance(self, target: float, dt: float) -> None:
        """Move for ``dt`` seconds towards ``target``."""
        limits = self._limits
        wanted = _clamped(0.5 * limits.bandwidth * (target - self.value), limits.speed)
        pull = 2.0 * limits.bandwidth * (wanted - self.velocity)
        self.acceleration = _clamped(pull, limits.acceleration)
        self.velocity += self.acceleration * dt
        self.value += self.velocity * dt


class JointReferences:
    """Joint positions that glide to their targets, each within the limits on its own.

    Args:
        start: where they begin, at rest [rad], shape (n,).
        limits: of each joint's speed and acceleration.
    """

    def __init__(self, start: FloatArray, limits: FilterLimits) -> None:
        self.positions = start.copy()
        self.velocities = np.zeros_like(start)
        self.accelerations = np.zeros_like(start)
        self._limits = limits

    def advance(self, targets: FloatArray, dt: float, pace: float = 1.0) -> None:
        """Move for ``dt`` seconds towards targets [rad], shape (n,), at a share of the speed."""
        rate, speed, strength = (
            self._limits.bandwidth,
            self._limits.speed,
            self._limits.acceleration,
        )
        wanted = pace * np.clip(0.5 * rate * (targets - self.positions), -speed, speed)
        pull = 2.0 * rate * (wanted - self.velocities)
        self.accelerations = np.clip(pull, -strength, strength)
        self.velocities = self.velocities + self.accelerations * dt
        self.positions = self.positions + self.velocities * dt


_AT_REST = 1e-5
"""A pose has arrived whose reference moves slower and, at full pace, wants to [m/s], [rad/s]."""


class PoseReferences:
    """Poses that glide to their targets, all of them advanced at once.

    Args:
        starts: where they begin, at rest.
        position_limits: of the norm of linear velocity and acceleration.
        rotation_limits: of the norm of angular velocity and acceleration.
    """

    def __init__(
        self, starts: Sequence[Pose], position_limits: FilterLimits, rotation_limits: FilterLimits
    ) -> None:
        n = len(starts)
        self.positions = np.array([pose.position for pose in starts]).reshape(n, 3)
        self.quats_wxyz = np.array([pose.quat_wxyz for pose in starts]).reshape(n, 4)
        self._velocity = np.zeros((2 * n, 3))
        self._acceleration = np.zeros((2 * n, 3))
        self._arrived_at: Sequence[Pose] | None = None
        limits = [position_limits] * n + [rotation_limits] * n
        rate = np.array([[limit.bandwidth] for limit in limits])
        self._half_rate, self._double_rate = 0.5 * rate, 2.0 * rate
        self._speed = np.array([limit.speed for limit in limits])
        self._strength = np.array([limit.acceleration for limit in limits])

    def twist(self, index: int) -> FloatArray:
        """Return linear and angular velocity of a pose, shape (6,)."""
        return self._velocity[index :: len(self.positions)].ravel()

    def acceleration(self, index: int) -> FloatArray:
        """Return linear and angular acceleration of a pose, shape (6,)."""
        return self._acceleration[index :: len(self.positions)].ravel()

    def pose(self, index: int) -> Pose:
        """Return where a pose is now."""
        return Pose(self.positions[index], self.quats_wxyz[index])

    def advance(self, targets: Sequence[Pose], dt: float, pace: float = 1.0) -> None:
        """Move for ``dt`` seconds towards as many targets as poses, at a share of the speed."""
        n = len(targets)
        if n == 0 or targets is self._arrived_at:
            return
        error = np.empty((2 * n, 3))
        for i, target in enumerate(targets):
            error[i] = target.position - self.positions[i]
            error[n + i] = rotation_error(target.quat_wxyz, self.quats_wxyz[i])
        wanted = _rows_within(self._half_rate * error, self._speed)
        pull = self._double_rate * (pace * wanted - self._velocity)
        self._acceleration = _rows_within(pull, self._strength)
        self._velocity = self._velocity + self._acceleration * dt
        self.positions += self._velocity[:n] * dt
        for quat, velocity in zip(self.quats_wxyz, self._velocity[n:], strict=True):
            _rotate(quat, velocity, dt)
        if max(np.abs(wanted).max(), np.abs(self._velocity).max()) < _AT_REST:
            self._velocity = np.zeros((2 * n, 3))
            self._acceleration = np.zeros((2 * n, 3))
            self._arrived_at = targets


def within(vector: FloatArray, limit: float) -> FloatArray:
    """Return a vector shortened to a length where it is longer."""
    norm = float(np.sqrt(vector @ vector))
    return vector * (limit / norm) if norm > limit else vector


def _rows_within(rows: FloatArray, limits: FloatArray) -> FloatArray:
    squares = np.einsum("ij,ij->i", rows, rows)
    if (squares <= limits * limits).all():
        return rows
    return rows * (limits / np.maximum(np.sqrt(squares), limits))[:, None]


def _clamped(value: float, limit: float) -> float:
    return min(max(value, -limit), limit)


def _rotate(quat_wxyz: FloatArray, angular_velocity: FloatArray, dt: float) -> None:
    """Turn a quaternion in place by an angular velocity of the outer frame."""
    local, inverse = np.empty(3), np.empty(4)
    mujoco.mju_negQuat(inverse, quat_wxyz)
    mujoco.mju_rotVecQuat(local, angular_velocity, inverse)
    mujoco.mju_quatIntegrate(quat_wxyz, local, dt)
