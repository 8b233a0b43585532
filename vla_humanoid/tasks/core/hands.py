"""How a Dex3 hand grasps from above; the one place that says so, for tasks and experts alike."""

import numpy as np

from vla_humanoid.assets.scene import Vec3
from vla_humanoid.schema import FloatArray, RobotState
from vla_humanoid.tasks.core.geometry import to_world

PINCH_POINTS: dict[str, Vec3] = {
    "left": (0.112, -0.075, 0.0),
    "right": (0.112, 0.075, 0.0),
}
"""Where thumb and fingers meet, in the ``<side>_wrist_yaw_link`` frame [m]."""
HAND_PITCH = 0.35
"""Of a hand that grasps from above, palm down [rad]: fingertips below the wrist."""


def pinch_point(robot: RobotState, side: str) -> FloatArray:
    """Return where thumb and fingers of a hand meet in the world [m], shape (3,)."""
    return to_world(robot.links[f"{side}_wrist_yaw_link"], np.array(PINCH_POINTS[side]))
