"""Grasp an object from above and lift it."""

import numpy as np

from vla_humanoid.assets.scene import GraspableObject, Scene
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.grasps import grasp_for
from vla_humanoid.schema import Pose

ATTEMPTS = 3
"""How often a missed grasp is tried again before giving up."""
HOVER = 0.13
"""Height above the grasp at which the hand arrives and to which it lifts [m]."""
LIFTED = 0.05
"""Rise of the object that proves the grasp [m]."""
DESCENT_SPEED = 0.25
CLOSING_TIME = 0.45
"""How long the fingers take to close and build up force [s]."""


def pick(body: Body, scene: Scene, thing: GraspableObject, side: str) -> Motion:
    """Grasp an object with a hand and lift it; try again where it slipped.

    Raises:
        SkillFailed: if it cannot be grasped.
    """
    for _ in range(ATTEMPTS):
        before = body.object_pose(thing.name).position
        yield from _grasp(body, thing, side)
        if body.object_pose(thing.name).position[2] > before[2] + LIFTED:
            return
        body.set_grip(side, 0.0)
        yield from body.wait(0.3)
    raise SkillFailed("grasp missed")


def _grasp(body: Body, thing: GraspableObject, side: str) -> Motion:
    body.set_grip(side, 0.0)
    hover = above(grasp_for(side, thing, body.object_pose(thing.name)).wrist, HOVER)
    yield from body.move(side, hover)
    grasp = grasp_for(side, thing, body.object_pose(thing.name)).wrist
    yield from body.move(side, grasp, DESCENT_SPEED)
    body.set_grip(side, 1.0)
    yield from body.wait(CLOSING_TIME)
    yield from body.move(side, above(grasp, HOVER), DESCENT_SPEED)


def above(pose: Pose, height: float) -> Pose:
    """Return a pose lifted by a height [m]."""
    return Pose(pose.position + np.array([0.0, 0.0, height]), pose.quat_wxyz)
