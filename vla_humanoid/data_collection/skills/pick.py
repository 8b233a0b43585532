"""Grasp an object from above and lift it."""

from collections.abc import Generator

from vla_humanoid.assets.scene import GraspableObject, Scene
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.grasps import grasps_for
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.travel import above, travel

ATTEMPTS = 2
"""How often a missed grasp is tried again before giving up."""
HOVER = 0.12
"""Height above the grasp at which the hand arrives and to which it lifts [m]."""
LIFTED = 0.05
"""Rise of the object that proves the grasp [m]."""
OPEN_GRIP = 0.15
"""Grip of the hand that comes down around an object: wide enough for any, no wider."""
DESCENT_SPEED = 0.25
CLOSING_TIME = 0.45
"""How long the fingers take to close and build up force [s]."""


def pick(
    body: Body, scene: Scene, thing: GraspableObject, side: str, higher: float = 0.0
) -> Motion:
    """Grasp an object with a hand and lift it; try another way where it slipped.

    Args:
        body: the robot.
        scene: as it was sampled.
        thing: the object.
        side: the hand.
        higher: how far above the usual place the hand takes it [m].

    Raises:
        SkillFailed: if it cannot be grasped.
    """
    for attempt in range(ATTEMPTS):
        before = body.object_pose(thing.name).position
        has_closed = yield from _grasp(body, scene, thing, side, attempt, higher)
        if has_closed and body.object_pose(thing.name).position[2] > before[2] + LIFTED:
            body.held[side] = thing.name
            return
        body.set_grip(side, OPEN_GRIP)
        yield from body.move(side, above(body.wrist(side), HOVER))
    raise SkillFailed("grasp missed")


def _grasp(
    body: Body, scene: Scene, thing: GraspableObject, side: str, attempt: int, higher: float
) -> Generator[None, None, bool]:
    """Come down, close and lift; return whether the hand came down all the way."""
    body.set_grip(side, OPEN_GRIP)
    around = obstacles(body, scene, ignored=(thing.name,))
    grasps = grasps_for(side, thing, body.object_pose(thing.name), around)
    hover = above(grasps[attempt % len(grasps)].wrist, HOVER)
    yield from travel(body, side, hover, obstacles(body, scene, ignored=()))
    # The object may have been nudged meanwhile: look again.
    grasps = grasps_for(side, thing, body.object_pose(thing.name), around)
    grasp = above(grasps[attempt % len(grasps)].wrist, higher)
    is_free = yield from body.move(side, grasp, DESCENT_SPEED)
    if not is_free:
        return False
    body.set_grip(side, 1.0)
    yield from body.wait(CLOSING_TIME)
    yield from body.move(side, above(grasp, HOVER), DESCENT_SPEED)
    return True
