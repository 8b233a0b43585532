"""What stands on the floor and what is painted on it, also where it slopes."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import mujoco
import numpy as np

from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.object_bodies import add_fixed_body
from vla_humanoid.assets.scene import (
    FloorPath,
    Landmark,
    Quat,
    Vec3,
    floor_height,
    floor_quat,
)

PAINT_HEIGHT, PAINT_LAYER = 0.003, 0.0005
"""How far a painted line stands out of the floor so that it is not lost in it, and how much further
each of those that were painted after it [m]."""

Slope: TypeAlias = tuple[float, float]


def add_landmark(spec: mujoco.MjSpec, landmark: Landmark, slope: Slope, friction: Vec3) -> None:
    """Add a landmark, upright to the floor, as a fixed body of its name.

    Args:
        spec: where to add it; it has the materials of `object_bodies.add_finishes`.
        landmark: what to add.
        slope: of the floor, as in `Scene.floor_slope`.
        friction: of its surface.
    """
    position = _on_floor(slope, *landmark.position)
    quat = _turned(slope, landmark.yaw)
    add_fixed_body(spec, landmark, LANDMARKS[landmark.shape].parts, (position, quat), friction)


def add_paths(spec: mujoco.MjSpec, paths: Sequence[FloorPath], slope: Slope) -> None:
    """Add painted lines as fixed bodies of their names that nothing touches.

    Where lines cross, the later one is seen.
    """
    for layer, path in enumerate(paths):
        height = PAINT_HEIGHT + layer * PAINT_LAYER
        body = spec.worldbody.add_body(name=path.name)
        half_width = 0.5 * path.width
        corners = [np.array(_on_floor(slope, *point)) for point in path.points]
        for start, end in pairwise(corners):
            along = end - start
            stretch = body.add_geom(
                type=mujoco.mjtGeom.mjGEOM_BOX,
                size=[0.5 * float(np.linalg.norm(along)), half_width, height],
                pos=(0.5 * (start + end)).tolist(),
                quat=_turned(slope, math.atan2(along[1], along[0])),
            )
            _paint(stretch, path)
        for corner in corners:
            joint = body.add_geom(
                type=mujoco.mjtGeom.mjGEOM_CYLINDER,
                size=[half_width, height, 0.0],
                pos=corner.tolist(),
                quat=floor_quat(slope),
            )
            _paint(joint, path)


def _paint(geom: mujoco.MjsGeom, path: FloorPath) -> None:
    geom.rgba[:] = [*path.rgb, 1.0]
    geom.material = "plastic"
    geom.group = VISIBLE_GROUP
    geom.contype = 0
    geom.conaffinity = 0


def _on_floor(slope: Slope, x: float, y: float) -> Vec3:
    return x, y, floor_height(slope, x, y)


def _turned(slope: Slope, yaw: float) -> Quat:
    """Return the orientation of something that stands on the floor, turned about its normal."""
    turn = np.array([math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw)])
    quat = np.empty(4)
    mujoco.mju_mulQuat(quat, np.array(floor_quat(slope)), turn)
    w, x, y, z = (float(value) for value in quat)
    return w, x, y, z
