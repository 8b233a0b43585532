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
from vla_humanoid.schema import FloatArray, Pose

PINCH = (0.112, -0.075, 0.0)
"""Where thumb and fingers meet, in the left wrist yaw link's frame [m]; the right mirrors y."""
NOSE_DOWN = 0.35
"""Pitch of a hand that grasps from above [rad]: fingertips below the wrist."""
YAW_RANGE = (-1.45, 0.85)
"""Headings that the left hand turns to [rad], further inwards than outwards; the right mirrors."""
TOPPLED = np.radians(35.0)
"""Tilt beyond which an object is grasped across its axis, as it lies [rad]."""
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
    quat = quat_multiply(rotvec_to_quat(np.array([0.0, NOSE_DOWN, 0.0])), quat)
    return quat_multiply(rotvec_to_quat(np.array([0.0, 0.0, yaw])), quat)


def wrist_for_pinch(side: str, pinch: FloatArray, yaw: float) -> Pose:
    """Return the wrist pose that brings a hand's pinch to a point, stance frame."""
    quat = palm_down(side, yaw)
    return Pose(pinch - quat_to_matrix(quat) @ pinch_offset(side), quat)


def pinch_offset(side: str) -> FloatArray:
    """Return where thumb and fingers meet, in the frame of the wrist yaw link, shape (3,)."""
    x, y, z = PINCH
    return np.array([x, y if side == "left" else -y, z])


def grasp_for(side: str, thing: GraspableObject, pose: Pose) -> Grasp:
    """Return how a hand grasps an object from above.

    Args:
        side: "left" or "right".
        thing: the object.
        pose: where it is now, stance frame.
    """
    model = OBJECTS[thing.shape]
    axis = quat_to_matrix(pose.quat_wxyz)[:, 2]
    if abs(axis[2]) < np.cos(TOPPLED):
        across = float(np.arctan2(axis[1], axis[0])) + 0.5 * np.pi
        return Grasp(side, wrist_for_pinch(side, pose.position, _hand_yaw(side, (across,))))
    pinch = pose.position + np.array([0.0, 0.0, thing.scale * model.grasp_height])
    object_yaw = yaw_of(quat_to_matrix(pose.quat_wxyz))
    lines = None if model.grasp_yaws is None else [object_yaw + yaw for yaw in model.grasp_yaws]
    return Grasp(side, wrist_for_pinch(side, pinch, _hand_yaw(side, lines)))


def _hand_yaw(side: str, lines: Sequence[float] | None) -> float:
    """Return the most comfortable heading that closes along one of some lines.

    Args:
        side: "left" or "right".
        lines: angles from the stance frame's x axis [rad]; None where any heading will do.
    """
    sign = 1.0 if side == "left" else -1.0
    preferred = -sign * PREFERRED_INWARD_YAW
    low, high = sorted((sign * YAW_RANGE[0], sign * YAW_RANGE[1]))
    if lines is None:
        return preferred
    # A line can be closed along from either end: it recurs after half a turn.
    candidates = [
        preferred + (line - preferred + 0.5 * np.pi) % np.pi - 0.5 * np.pi for line in lines
    ]
    candidates += [yaw - sign * np.pi for yaw in candidates]
    return min(
        (float(np.clip(yaw, low, high)) for yaw in candidates),
        key=lambda yaw: (misalignment(yaw, candidates), abs(yaw - preferred)),
    )


def misalignment(yaw: float, candidates: list[float]) -> float:
    """Return the angle from a heading to the nearest of some candidates, to 0.01 [rad]."""
    return round(min(abs(yaw - candidate) for candidate in candidates), 2)
