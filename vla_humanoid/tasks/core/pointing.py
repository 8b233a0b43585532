"""What a hand points at: the line from the wrist along the outstretched hand."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.scene import GraspableObject, Landmark
from vla_humanoid.schema import SIDES, FloatArray, RobotState, WorldState
from vla_humanoid.tasks.core.geometry import rotate
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.stance import stance_of

AIMED = math.radians(6.0)
"""Largest angle between the line and the middle of what a hand points at [rad]."""
PAST = math.radians(10.0)
"""Least angle between the line and the middle of everything else [rad]."""
RAISED = 0.10
"""How far ahead of the stance the wrist of a hand that points is, at least [m]."""
APART = 0.06
"""Least distance of the pinch from what it points at: pointing is not touching [m]."""
POINTING_WRIST = (0.17, 0.24, 0.98)
"""Where the left wrist is when it points, stance frame [m]; the right one mirrors y."""


def centre(thing: GraspableObject | Landmark, state: WorldState | None = None) -> FloatArray:
    """Return the middle of a thing, world frame [m]; without a state, where it is at first."""
    if isinstance(thing, GraspableObject):
        return (
            np.array(thing.position) if state is None else state.objects[thing.name].pose.position
        )
    return np.array([*thing.position, 0.5 * thing.scale * LANDMARKS[thing.shape].height])


def aim_error(robot: RobotState, side: str, point: FloatArray) -> float:
    """Return the angle between the line of a hand and the direction to a point [rad]."""
    wrist = robot.links[f"{side}_wrist_yaw_link"]
    along = rotate(wrist.quat_wxyz, np.array([1.0, 0.0, 0.0]))
    return _angle(along, point - wrist.position)


def is_raised(robot: RobotState, side: str) -> bool:
    """Tell whether a hand is stretched out ahead, as no resting one is."""
    stance, wrist = stance_of(robot), robot.links[f"{side}_wrist_yaw_link"].position
    ahead = math.cos(stance.yaw) * (wrist[0] - stance.x)
    return bool(ahead + math.sin(stance.yaw) * (wrist[1] - stance.y) > RAISED)


def pointed_at(robot: RobotState, centres: Mapping[str, FloatArray]) -> frozenset[str]:
    """Return the names of the things that a hand points at, each past everything else."""
    found: set[str] = set()
    for side in filter(lambda side: is_raised(robot, side), SIDES):
        errors = {name: aim_error(robot, side, point) for name, point in centres.items()}
        name = min(errors, key=errors.__getitem__)
        is_past = all(error > PAST for other, error in errors.items() if other != name)
        gap = float(np.linalg.norm(pinch_point(robot, side) - centres[name]))
        if errors[name] < AIMED and is_past and gap > APART:
            found.add(name)
    return frozenset(found)


def least_separation(centres: Sequence[FloatArray]) -> float:
    """Return the least angle to any other of some points, seen by the wrist that is to show one."""
    x, y, z = POINTING_WRIST
    least = math.pi
    for target in centres:
        wrist = np.array([x, math.copysign(y, target[1]), z])
        others = [other for other in centres if other is not target]
        least = min(least, *(_angle(target - wrist, other - wrist) for other in others))
    return least


def _angle(one: FloatArray, other: FloatArray) -> float:
    cosine = float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))
    return math.acos(min(max(cosine, -1.0), 1.0))
