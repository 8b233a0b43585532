"""Smooth references: filters that follow a target within limits of speed and acceleration."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vla_humanoid.control.plain_vectors import (
    ZERO,
    Quat,
    Vector,
    rotated,
    rotation_between,
    within,
)
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


class _Glide:
    """A vector's worth of motion towards a target: of a position, or of an orientation.

    Args:
        limits: of the norms of velocity and acceleration.
    """

    __slots__ = ("_limits", "acceleration", "velocity")

    def __init__(self, limits: FilterLimits) -> None:
        self._limits = limits
        self.rest()

    def rest(self) -> None:
        """Stand still."""
        self.velocity = self.acceleration = ZERO

    def advance(self, error: Vector, dt: float, pace: float) -> Vector:
        """Move for ``dt`` seconds to make up for an error; return the velocity that is wanted."""
        limits = self._limits
        rate = limits.bandwidth
        ex, ey, ez = error
        vx, vy, vz = self.velocity
        wanted = within((0.5 * rate * ex, 0.5 * rate * ey, 0.5 * rate * ez), limits.speed)
        wx, wy, wz = wanted
        pull = 2.0 * rate
        pulled = pull * (pace * wx - vx), pull * (pace * wy - vy), pull * (pace * wz - vz)
        self.acceleration = ax, ay, az = within(pulled, limits.acceleration)
        self.velocity = vx + ax * dt, vy + ay * dt, vz + az * dt
        return wanted


class GlidingPose:
    """A pose that glides to its target; `PoseReferences` moves it.

    Args:
        start: where it begins, at rest.
        position_limits: of the norm of linear velocity and acceleration.
        rotation_limits: of the norm of angular velocity and acceleration.
    """

    def __init__(
        self, start: Pose, position_limits: FilterLimits, rotation_limits: FilterLimits
    ) -> None:
        x, y, z = start.position.tolist()
        self.position: Vector = (x, y, z)
        w, x, y, z = start.quat_wxyz.tolist()
        self.quat_wxyz: Quat = (w, x, y, z)
        self.linear = _Glide(position_limits)
        self.angular = _Glide(rotation_limits)

    def advance(self, target: Pose, dt: float, pace: float) -> bool:
        """Move for ``dt`` seconds and return whether it still moves or wants to."""
        x, y, z = self.position
        tx, ty, tz = target.position.tolist()
        wanted = self.linear.advance((tx - x, ty - y, tz - z), dt, pace)
        vx, vy, vz = self.linear.velocity
        self.position = x + vx * dt, y + vy * dt, z + vz * dt
        tw, tx, ty, tz = target.quat_wxyz.tolist()
        turn = rotation_between((tw, tx, ty, tz), self.quat_wxyz)
        wanted_turn = self.angular.advance(turn, dt, pace)
        self.quat_wxyz = rotated(self.quat_wxyz, self.angular.velocity, dt)
        rates = (*wanted, *wanted_turn, *self.linear.velocity, *self.angular.velocity)
        return max(rates) >= _AT_REST or min(rates) <= -_AT_REST

    def rest(self) -> None:
        """Stand still."""
        self.linear.rest()
        self.angular.rest()


class PoseReferences:
    """Poses that glide to their targets together.

    Args:
        starts: where they begin, at rest.
        position_limits: of the norm of linear velocity and acceleration.
        rotation_limits: of the norm of angular velocity and acceleration.
    """

    def __init__(
        self, starts: Sequence[Pose], position_limits: FilterLimits, rotation_limits: FilterLimits
    ) -> None:
        self.poses = [GlidingPose(start, position_limits, rotation_limits) for start in starts]
        self._arrived_at: Sequence[Pose] | None = None

    def advance(self, targets: Sequence[Pose], dt: float, pace: float = 1.0) -> None:
        """Move for ``dt`` seconds towards as many targets as poses, at a share of the speed."""
        if targets is self._arrived_at:
            return
        moves = [
            pose.advance(target, dt, pace) for pose, target in zip(self.poses, targets, strict=True)
        ]
        if not any(moves):
            for pose in self.poses:
                pose.rest()
            self._arrived_at = targets


def _clamped(value: float, limit: float) -> float:
    return min(max(value, -limit), limit)
