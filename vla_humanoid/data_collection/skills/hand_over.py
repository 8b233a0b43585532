"""Pick something long up by one end, bring it before the body, and take it by the other end."""

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene
from vla_humanoid.control.rotations import quat_to_matrix, yaw_of
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.grasps import wrist_for_pinch
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.pick import CLOSING_TIME, HOVER, OPEN_GRIP
from vla_humanoid.data_collection.skills.place import RELEASE_GRIP
from vla_humanoid.data_collection.skills.travel import above, travel
from vla_humanoid.schema import OTHER_SIDE, Pose
from vla_humanoid.tasks.core.tabletop import table_of

END = 0.080
"""From the middle of what is handed over to where a hand takes it [m]."""
MEETING = (0.33, 0.0)
"""Where its middle is handed over, seen from above, stance frame [m]."""
MEETING_HEIGHT = 0.20
"""Of its middle above the table [m]."""
LIFTED = 0.05
"""Rise that proves the grasp [m]."""
SPEED = 0.25
"""Of hands that come down, and of what they hold [m/s]."""


def hand_over(body: Body, scene: Scene, thing: GraspableObject, taker: str) -> Motion:
    """Pass an object that lies across from one hand to the other.

    Raises:
        SkillFailed: if one of them does not get hold of it.
    """
    giver = OTHER_SIDE[taker]
    lay = float(body.object_pose(thing.name).position[2])
    around = obstacles(body, scene, ignored=())
    body.set_grip(giver, OPEN_GRIP)
    yield from travel(body, giver, above(_at_end(body, thing, giver), HOVER), around)
    yield from _take(body, thing, giver)
    yield from body.move(giver, above(body.target.wrists[giver], HOVER), SPEED)
    if body.object_pose(thing.name).position[2] < lay + LIFTED:
        raise SkillFailed("grasp missed")
    body.held[giver] = thing.name
    yield from body.move(giver, _to_meeting(body, scene, thing, giver), SPEED)
    body.set_grip(taker, OPEN_GRIP)
    yield from travel(body, taker, above(_at_end(body, thing, taker), HOVER), around)
    yield from _take(body, thing, taker)
    body.set_grip(giver, RELEASE_GRIP)
    yield from body.wait(CLOSING_TIME)
    yield from body.move(giver, above(body.target.wrists[giver], HOVER), SPEED)
    del body.held[giver]
    body.set_grip(giver, 0.0)
    if body.object_pose(thing.name).position[2] < lay + LIFTED:
        raise SkillFailed("not taken over")
    body.held[taker] = thing.name
    yield from body.move(giver, body.rest(giver))


def _take(body: Body, thing: GraspableObject, side: str) -> Motion:
    """Come down around an end and close."""
    yield from body.move(side, _at_end(body, thing, side), SPEED)
    body.set_grip(side, 1.0)
    yield from body.wait(CLOSING_TIME)


def _at_end(body: Body, thing: GraspableObject, side: str) -> Pose:
    """Return the wrist's pose, palm down, that pinches the end on a hand's own side."""
    pose = body.object_pose(thing.name)
    rotation = quat_to_matrix(pose.quat_wxyz)
    along = rotation[:, 1] if (rotation[1, 1] > 0.0) == (side == "left") else -rotation[:, 1]
    yaw = yaw_of(rotation)
    yaw = (yaw + 0.5 * np.pi) % np.pi - 0.5 * np.pi  # Closing along it from either end.
    raised = thing.scale * OBJECTS[thing.shape].grasp_height * rotation[:, 2]
    return wrist_for_pinch(side, pose.position + END * along + raised, float(yaw))


def _to_meeting(body: Body, scene: Scene, thing: GraspableObject, side: str) -> Pose:
    """Return the pose of the wrist that holds an object at which its middle is in the middle."""
    wrist = body.target.wrists[side]
    height = table_of(scene).height + MEETING_HEIGHT
    goal = np.array([*MEETING, height])
    return Pose(wrist.position + goal - body.object_pose(thing.name).position, wrist.quat_wxyz)
