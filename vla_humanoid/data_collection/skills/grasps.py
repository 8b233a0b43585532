"""Where a hand goes to grasp an object from above."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject
from vla_humanoid.control.rotations import (
    quat_multiply,
    quat_to_matrix,
    rotvec_to_quat,
    yaw_of,
)
from vla_humanoid.data_collection.skills.obstacles import Obstacle, hand_clearance
from vla_humanoid.schema import FloatArray, Pose
from vla_humanoid.tasks.core.hands import HAND_PITCH, PINCH_POINTS

YAW_RANGE = (-1.45, 0.85)
"""Headings that the left hand turns to [rad], further inwards than outwards; the right mirrors."""
TOPPLED = np.radians(35.0)
"""Tilt beyond which an object is grasped across its axis, as it lies [rad]."""
FREE_HEADINGS = 12
"""How many headings are weighed for an object that can be grasped along any."""
TURN_COST = 0.02
"""Clearance that a wrist's turn must be worth [m/rad]."""
TRUNK_CLEARANCE = 0.25
"""Distance from the trunk, seen from above, at which a wrist has room to turn [m]."""
PREFERRED_INWARD_YAW = 0.25
"""Heading of the most comfortable hand, turned inwards [rad]."""


@dataclass(frozen=True)
class Grasp:
    """A hand above an object.

    Args:
        side: which hand.
        wrist: pose of its wrist at the grasp, stance frame.
    """

    side: str
    wrist: Pose


def palm_down(side: str, yaw: float) -> FloatArray:
    """Return the wrist's orientation (w, x, y, z) for a palm facing down and a heading [rad]."""
    roll = 0.5 * np.pi if side == "left" else -0.5 * np.pi
    quat = rotvec_to_quat(np.array([roll, 0.0, 0.0]))
    quat = quat_multiply(rotvec_to_quat(np.array([0.0, HAND_PITCH, 0.0])), quat)
    return quat_multiply(rotvec_to_quat(np.array([0.0, 0.0, yaw])), quat)


def wrist_for_pinch(side: str, pinch: FloatArray, yaw: float) -> Pose:
    """Return the wrist pose that brings a hand's pinch to a point, stance frame."""
    quat = palm_down(side, yaw)
    return Pose(pinch - quat_to_matrix(quat) @ np.array(PINCH_POINTS[side]), quat)


def turns_to(side: str, yaw: float) -> bool:
    """Tell whether a hand that grasps from above turns to a heading [rad]."""
    inwards, outwards = YAW_RANGE
    return inwards <= (yaw if side == "left" else -yaw) <= outwards


def grasps_for(
    side: str, thing: GraspableObject, pose: Pose, found: Sequence[Obstacle]
) -> list[Grasp]:
    """Return how a hand can grasp an object from above, the best first.

    A grasp is the better the more room fingers and wrist have and the less the wrist has to turn.

    Args:
        side: "left" or "right".
        thing: the object.
        pose: where it is now, stance frame.
        found: what else stands about.
    """
    model = OBJECTS[thing.shape]
    rotation = quat_to_matrix(pose.quat_wxyz)
    axis = rotation[:, 2]
    pinch = pose.position.copy()
    lines: list[float] | None
    if abs(axis[2]) < np.cos(TOPPLED):
        lines = [float(np.arctan2(axis[1], axis[0])) + 0.5 * np.pi]
    else:
        pinch[2] += thing.scale * model.grasp_height
        yaw = yaw_of(rotation)
        lines = None if model.grasp_yaws is None else [yaw + line for line in model.grasp_yaws]
    headings = _headings(side, lines)
    headings.sort(key=lambda yaw: _cost(side, yaw, pinch, found))
    return [Grasp(side, wrist_for_pinch(side, pinch, yaw)) for yaw in headings]


def _cost(side: str, yaw: float, pinch: FloatArray, found: Sequence[Obstacle]) -> float:
    sign = 1.0 if side == "left" else -1.0
    turn = abs(yaw + sign * PREFERRED_INWARD_YAW)
    wrist = wrist_for_pinch(side, pinch, yaw).position
    crowding = max(0.0, TRUNK_CLEARANCE - float(np.linalg.norm(wrist[:2])))
    return TURN_COST * turn + crowding - hand_clearance(found, pinch, yaw)


def _headings(side: str, lines: Sequence[float] | None) -> list[float]:
    """Return the headings within the wrist's range that close along one of some lines.

    Args:
        side: "left" or "right".
        lines: angles from the stance frame's x axis [rad]; None where any heading will do.
    """
    sign = 1.0 if side == "left" else -1.0
    low, high = sorted((sign * YAW_RANGE[0], sign * YAW_RANGE[1]))
    if lines is None:
        return np.linspace(low, high, FREE_HEADINGS).tolist()
    # A line can be closed along from either end: it recurs after half a turn.
    within = [
        low + (line - low) % np.pi + turn
        for line in lines
        for turn in (0.0, np.pi)
        if low + (line - low) % np.pi + turn <= high
    ]
    nearest = [low if _turn(line, low) < _turn(line, high) else high for line in lines]
    return within or nearest


def _turn(line: float, heading: float) -> float:
    """Return the angle between an undirected line and a heading [rad]."""
    return abs((line - heading + 0.5 * np.pi) % np.pi - 0.5 * np.pi)
