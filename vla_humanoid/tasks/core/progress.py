"""How much of the way to a goal lies behind, in [0, 1], for dense rewards."""

import math

import numpy as np

from vla_humanoid.schema import SIDES, FloatArray, RobotState
from vla_humanoid.tasks.core.hands import pinch_point

REACHING, MOVING = 0.3, 0.6
"""Shares of bringing a hand to a thing and the thing to its place; the rest is to let go there."""
SCALE = 0.2
"""Distance that counts as about a quarter of the way [m]."""


def nearness(distance: float, scale: float = SCALE) -> float:
    """Return 1 at no distance [m], falling to 0 far away, at a few times the scale."""
    return 1.0 - math.tanh(distance / scale)


def hand_nearness(robot: RobotState, point: FloatArray) -> float:
    """Return the nearness of the nearer hand's pinch to a point of the world, shape (3,)."""
    return nearness(min(float(np.linalg.norm(pinch_point(robot, side) - point)) for side in SIDES))


def moving_progress(
    robot: RobotState, thing: FloatArray, distance: float, *, is_there: bool, is_let_go: bool
) -> float:
    """Return the progress of moving a thing somewhere with a hand.

    Args:
        robot: as it is now.
        thing: where the thing is, world frame, shape (3,).
        distance: from there to its place [m].
        is_there: whether it is where it should be.
        is_let_go: whether the hands are away from it.
    """
    reached = 1.0 if is_there else hand_nearness(robot, thing)
    there = 1.0 if is_there else nearness(distance)
    rest = 1.0 - REACHING - MOVING
    return REACHING * reached + MOVING * there + rest * (is_there and is_let_go)
