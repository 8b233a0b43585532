"""Where a Dex3 hand grasps."""

import numpy as np

from vla_humanoid.assets.scene import Vec3
from vla_humanoid.schema import FloatArray, RobotState
from vla_humanoid.tasks.core.geometry import to_world

GRASP_CENTERS: dict[str, Vec3] = {
    "left": (0.125, -0.035, 0.0),
    "right": (0.125, 0.035, 0.0),
}
"""Midway between closing fingers and thumb, in the ``<side>_wrist_yaw_link`` frame [m]."""


def grasp_center(robot: RobotState, side: str) -> FloatArray:
    """Return the grasp centre of a hand in the world [m], shape (3,)."""
    return to_world(robot.links[f"{side}_wrist_yaw_link"], np.array(GRASP_CENTERS[side]))
