"""Velocities that take the robot along a line and to a place, from where it stands."""

import math
from dataclasses import dataclass

import numpy as np

from vla_humanoid.schema import FloatArray
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.stance import Stance, wrapped

GAIN = 1.5
"""Speed per distance left [1/s]; a step takes half a second, so much more would overshoot."""
CRUISE, SIDEWAYS, TURNING = 0.40, 0.20, 0.70
"""Largest speeds ahead and to the side [m/s] and of turning [rad/s]."""
SLOWEST, SLOWEST_TURN = 0.05, 0.08
"""Commands that are slower are raised to this, since the gait takes less for standing [m/s],
[rad/s]."""
LOOKAHEAD = 0.35
"""The robot walks towards the point of a line that is so far ahead of it [m]."""
TURN_FIRST = math.radians(50.0)
"""Where the way leads further aside than this the robot turns on the spot [rad]."""


@dataclass(frozen=True)
class Tolerance:
    """How near is near enough.

    Args:
        position: [m].
        heading: [rad].
    """

    position: float
    heading: float

    def covers(self, stance: Stance, place: Stance) -> bool:
        """Tell whether a stance is that near to a place."""
        turn = wrapped(place.yaw - stance.yaw)
        return stance.distance(place.x, place.y) <= self.position and abs(turn) <= self.heading


def along(line: Polyline, walked: float, stance: Stance) -> FloatArray:
    """Return the velocity that takes the robot further along a line.

    Args:
        line: to walk along.
        walked: how far along the line it is [m].
        stance: where it stands.

    Returns:
        vx, vy [m/s] and yaw rate [rad/s] in the stance frame, shape (3,).
    """
    bearing = stance.bearing(*line.at(walked + LOOKAHEAD))
    turn = float(np.clip(GAIN * bearing, -TURNING, TURNING))
    if abs(bearing) > TURN_FIRST:
        return np.array([0.0, 0.0, math.copysign(TURNING, bearing)])
    left = line.length - walked
    ahead = min(CRUISE, GAIN * left + SLOWEST) * math.cos(bearing) ** 2
    return np.array([ahead, 0.0, turn])


def towards(place: Stance, stance: Stance, enough: Tolerance) -> FloatArray:
    """Return the velocity that takes the robot to a place nearby, stepping any way it takes.

    Args:
        place: to stand at.
        stance: where the robot stands.
        enough: errors that are not worth a step.

    Returns:
        vx, vy [m/s] and yaw rate [rad/s] in the stance frame, shape (3,).
    """
    distance = stance.distance(place.x, place.y)
    velocity = np.zeros(3)
    if distance > enough.position:
        bearing = stance.bearing(place.x, place.y)
        speed = max(GAIN * distance, SLOWEST)
        velocity[:2] = speed * math.cos(bearing), speed * math.sin(bearing)
        velocity /= max(1.0, abs(velocity[0]) / CRUISE, abs(velocity[1]) / SIDEWAYS)
    turn = wrapped(place.yaw - stance.yaw)
    if abs(turn) > enough.heading:
        rate = min(max(GAIN * abs(turn), SLOWEST_TURN), TURNING)
        velocity[2] = math.copysign(rate, turn)
    return velocity
