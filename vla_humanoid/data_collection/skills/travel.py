"""Take a hand from one place to another over whatever stands between."""

import numpy as np

from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.data_collection.skills.obstacles import Obstacle, height_over
from vla_humanoid.schema import Pose

HAND_DEPTH = 0.14
"""How far an open, palm-down hand reaches below its wrist [m]."""
MARGIN = 0.02
"""Kept free above things that are flown over [m]."""
HIGHEST_WRIST = 1.10
"""Above it, stretched arms cost more than they gain [m], stance frame."""


def travel(
    body: Body, side: str, goal: Pose, found: tuple[Obstacle, ...], hanging: float = HAND_DEPTH
) -> Motion:
    """Rise, cross and arrive above or at a goal.

    Args:
        body: the robot.
        side: which hand.
        goal: of the wrist, stance frame; the last stretch goes straight down to it.
        found: what may stand between.
        hanging: how far the hand, with what it holds, reaches below its wrist [m].
    """
    start = body.target.wrists[side]
    top = height_over(found, start.position[:2], goal.position[:2])
    height = min(top + hanging + MARGIN, HIGHEST_WRIST)
    if height > start.position[2]:
        yield from body.move(side, _at_height(start, height))
    if height > goal.position[2]:
        yield from body.move(side, _at_height(goal, height))
    yield from body.move(side, goal)


def above(pose: Pose, height: float) -> Pose:
    """Return a pose lifted by a height [m]."""
    return Pose(pose.position + np.array([0.0, 0.0, height]), pose.quat_wxyz)


def _at_height(pose: Pose, height: float) -> Pose:
    return Pose(np.array([*pose.position[:2], height]), pose.quat_wxyz)
