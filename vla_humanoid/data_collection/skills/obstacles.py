"""What stands in a hand's way on a table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.data_collection.skills.body import Body
from vla_humanoid.schema import FloatArray

PATH_WIDTH = 0.10
"""Things nearer to a hand's path than this, seen from above, are flown over [m]."""

# A palm-down hand seen from above: points along and across its heading from the pinch, the radius
# of the discs about them, and the height above the pinch down to which they reach [m].
_FINGERS = ((0.050, 0.029), (0.050, -0.029), (0.020, 0.029), (0.020, -0.029))
_THUMB = ((-0.060, 0.0), (-0.030, 0.0))
_PALM = tuple((along, across) for along in (-0.10, -0.05, 0.0, 0.05) for across in (-0.03, 0.03))
_HAND = (
    (_FINGERS + _THUMB, 0.013, -0.035),
    (_PALM, 0.020, 0.055),
)
AMPLE = 0.03
"""Clearance beyond which more is no better [m]."""


@dataclass(frozen=True)
class Obstacle:
    """An upright cylinder around a thing.

    Args:
        center: x and y, stance frame [m].
        radius: [m].
        top: height of its top, stance frame [m].
    """

    center: FloatArray
    radius: float
    top: float


def obstacles(body: Body, scene: Scene, ignored: Sequence[str]) -> tuple[Obstacle, ...]:
    """Return every object and container of a scene as it stands now, but for some names."""
    found = []
    for thing in scene.objects:
        if thing.name not in ignored:
            pose, model = body.object_pose(thing.name), OBJECTS[thing.shape]
            lean = abs(float(quat_to_matrix(pose.quat_wxyz)[2, 2]))
            half_height = lean * model.half_height + (1.0 - lean) * model.footprint_radius
            radius = lean * model.footprint_radius + (1.0 - lean) * model.half_height
            top = float(pose.position[2]) + thing.scale * half_height
            found.append(Obstacle(pose.position[:2], thing.scale * radius, top))
    for container in scene.containers:
        if container.name not in ignored:
            pose, box = body.object_pose(container.name), CONTAINERS[container.shape]
            top = float(pose.position[2]) + container.scale * box.rim_height
            radius = container.scale * box.footprint_radius
            found.append(Obstacle(pose.position[:2], radius, top))
    return tuple(found)


def height_over(found: Sequence[Obstacle], start: FloatArray, goal: FloatArray) -> float:
    """Return the top of the tallest thing near a straight path seen from above, or minus infinity.

    Args:
        found: what may be in the way.
        start: of the path, x and y [m].
        goal: likewise.
    """
    along = goal - start
    length_squared = max(float(along @ along), 1e-9)
    tops = [-np.inf]
    for obstacle in found:
        share = np.clip((obstacle.center - start) @ along / length_squared, 0.0, 1.0)
        distance = float(np.linalg.norm(start + share * along - obstacle.center))
        if distance < obstacle.radius + PATH_WIDTH:
            tops.append(obstacle.top)
    return float(max(tops))


def hand_clearance(found: Sequence[Obstacle], pinch: FloatArray, yaw: float) -> float:
    """Return the least gap between a palm-down hand and what stands as high as it reaches [m].

    Args:
        found: what may be in the way.
        pinch: where thumb and fingers meet, stance frame, shape (3,).
        yaw: heading of the hand [rad].

    Returns:
        At most `AMPLE`; negative where the hand would touch.
    """
    heading = np.array([np.cos(yaw), np.sin(yaw)])
    sideways = np.array([-heading[1], heading[0]])
    gap = AMPLE
    for points, thickness, reach in _HAND:
        for obstacle in found:
            if obstacle.top > pinch[2] + reach:
                for along, across in points:
                    point = pinch[:2] + along * heading + across * sideways
                    distance = float(np.linalg.norm(point - obstacle.center))
                    gap = min(gap, distance - obstacle.radius - thickness)
    return gap
