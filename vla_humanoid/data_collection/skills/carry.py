"""Hold something so that it can be walked with."""

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.data_collection.skills.grasps import PREFERRED_INWARD_YAW, palm_down
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.travel import HAND_DEPTH, travel
from vla_humanoid.schema import Pose

CARRYING_WRIST = (0.24, 0.21, 1.0)
"""Where the left wrist carries something, stance frame [m]; the right one mirrors y. The hand, palm
down, is clear of the trunk, and what it holds is above any table."""


def draw_in(body: Body, scene: Scene, side: str, name: str) -> Motion:
    """Lift what a hand holds over whatever stands about, and draw it near to the body.

    Args:
        body: the robot.
        scene: as it was sampled.
        side: which hand.
        name: of what it holds.
    """
    x, y, z = CARRYING_WRIST
    sign = 1.0 if side == "left" else -1.0
    pose = Pose(np.array([x, sign * y, z]), palm_down(side, -sign * PREFERRED_INWARD_YAW))
    hanging = HAND_DEPTH
    if name in body.world_state.objects:
        drop = body.wrist(side).position[2] - body.object_pose(name).position[2]
        hanging = max(hanging, float(drop) + HAND_DEPTH / 2.0)
    yield from travel(body, side, pose, obstacles(body, scene, ignored=(name,)), hanging)
