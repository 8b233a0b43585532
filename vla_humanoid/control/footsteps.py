"""Footsteps: where soles are put down, and which of them a leg can reach."""

import math
from dataclasses import dataclass

import numpy as np

from vla_humanoid.schema import FloatArray

OUTWARD = {"left": 1.0, "right": -1.0}
"""Sign of y on the side of each foot."""


@dataclass(frozen=True)
class Footstep:
    """A sole on the ground.

    Args:
        side: "left" or "right".
        position: of the sole's origin [m], world frame, shape (3,).
        yaw: heading of the foot [rad], world frame.
    """

    side: str
    position: FloatArray
    yaw: float

    @property
    def pose(self) -> FloatArray:
        """x, y, z [m] and yaw [rad], shape (4,)."""
        return np.array([*self.position, self.yaw])


@dataclass(frozen=True)
class StepReach:
    """Where a sole can be put down, seen from the other sole, along that one's heading.

    Args:
        backward, forward: furthest step back and ahead [m], both positive.
        narrow, wide: smallest and largest distance to the side of the stepping foot [m].
        turn_in, turn_out: largest turn towards the other foot and away from it [rad].
        height: largest step up or down [m].
    """

    backward: float = 0.25
    forward: float = 0.40
    narrow: float = 0.17
    wide: float = 0.42
    turn_in: float = 0.25
    turn_out: float = 0.60
    height: float = 0.06

    def allows(self, support: Footstep, step: Footstep) -> bool:
        """Tell whether a step can be made while standing on ``support``, the other foot."""
        ahead, aside = offset(support, step.position)
        aside *= OUTWARD[step.side]
        turn = OUTWARD[step.side] * wrapped(step.yaw - support.yaw)
        rise = abs(float(step.position[2] - support.position[2]))
        return (
            -self.backward <= ahead <= self.forward
            and self.narrow <= aside <= self.wide
            and -self.turn_in <= turn <= self.turn_out
            and rise <= self.height
        )

    def nearest(self, support: Footstep, position: FloatArray, side: str) -> FloatArray:
        """Return the reachable point nearest to a wanted position of a sole [m], shape (2,)."""
        ahead, aside = offset(support, position)
        ahead = min(max(ahead, -self.backward), self.forward)
        aside = OUTWARD[side] * min(max(OUTWARD[side] * aside, self.narrow), self.wide)
        return support.position[:2] + turned(np.array([ahead, aside]), support.yaw)


def offset(support: Footstep, position: FloatArray) -> tuple[float, float]:
    """Return how far ahead of a sole and to its left a point lies [m], along its heading."""
    x, y = turned(position[:2] - support.position[:2], -support.yaw)
    return float(x), float(y)


def relative(step: Footstep, support: Footstep) -> tuple[float, float, float]:
    """Return ahead, to the left [m] and turn [rad] of a sole, along the heading of another."""
    return *offset(support, step.position), wrapped(step.yaw - support.yaw)


def midway(first: Footstep, second: Footstep) -> FloatArray:
    """Return x, y, z [m] and yaw [rad] of the frame between two soles, shape (4,)."""
    yaw = first.yaw + 0.5 * wrapped(second.yaw - first.yaw)
    return np.array([*(0.5 * (first.position + second.position)), yaw])


def turned(vector: FloatArray, angle: float) -> FloatArray:
    """Turn a horizontal vector, shape (2,), by an angle [rad]."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([cosine * vector[0] - sine * vector[1], sine * vector[0] + cosine * vector[1]])


def wrapped(angle: float) -> float:
    """Return an angle within [-pi, pi)."""
    return (angle + math.pi) % (2.0 * math.pi) - math.pi
