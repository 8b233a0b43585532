"""Hold something so that it can be walked with."""

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.data_collection.skills.grasps import PREFERRED_INWARD_YAW, palm_down
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.travel import HAND_DEPTH, MARGIN, travel
from vla_humanoid.data_collection.skills.two_hands import between_hands, hug
from vla_humanoid.schema import Pose
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.table_layout import TABLE_HEIGHTS

NEAR = (0.20, 0.23)
"""Where a wrist carries something, ahead and to its own side, stance frame [m]: clear of the trunk
and not far out."""
LOW = 0.88
"""Height of the wrist on the way [m]; the robot walks with bent knees, which high hands straighten.
"""


class Carrying:
    """What the hands hold on a walk.

    Args:
        body: the robot.
        scene: as it was sampled.
    """

    def __init__(self, body: Body, scene: Scene) -> None:
        self._body = body
        self._scene = scene
        self._between = between_hands(body)
        one_handed = () if self._between else body.held
        self._heights = {side: self._height_over_tables(side) for side in one_handed}

    def draw_in(self) -> Motion:
        """Lift what is held over whatever stands about, and draw it near to the body."""
        if self._between is not None:
            yield from hug(self._body, named(self._scene.objects, self._between))
        for side, height in self._heights.items():
            others = obstacles(self._body, self._scene, ignored=(self._body.held[side],))
            yield from travel(self._body, side, _carrying(side, height), others)

    def lower(self) -> None:
        """Command what is held to where it is carried best."""
        for side in self._heights:
            self._body.set_wrist(side, _carrying(side, LOW))

    def lift(self) -> None:
        """Command what is held to above any table."""
        for side, height in self._heights.items():
            self._body.set_wrist(side, _carrying(side, height))

    def _height_over_tables(self, side: str) -> float:
        """Return the height of a wrist at which what it holds is above any table [m]."""
        thing = named(self._scene.objects, self._body.held[side])
        center = float(self._body.object_pose(thing.name).position[2])
        underside = center - thing.scale * OBJECTS[thing.shape].half_height
        hanging = max(HAND_DEPTH, float(self._body.wrist(side).position[2]) - underside)
        return TABLE_HEIGHTS[1] + MARGIN + hanging


def _carrying(side: str, height: float) -> Pose:
    sign = 1.0 if side == "left" else -1.0
    ahead, aside = NEAR
    position = np.array([ahead, sign * aside, height])
    return Pose(position, palm_down(side, -sign * PREFERRED_INWARD_YAW))
