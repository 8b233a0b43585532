"""Push an object along the table between thumb and fingers, without lifting it."""

import numpy as np

from vla_humanoid.assets.scene import GraspableObject, Scene, TableMark
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.grasps import grasps_for
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.pick import DESCENT_SPEED, HOVER, OPEN_GRIP
from vla_humanoid.data_collection.skills.release import open_slowly
from vla_humanoid.data_collection.skills.travel import above, travel
from vla_humanoid.schema import FloatArray, Pose
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.pushing import Push

PUSHING_GRIP, CLOSING_TIME = 0.9, 0.4
"""Grip that leads an object along, and how long the fingers take to close [s]."""
PUSHING_SPEED = 0.15
"""[m/s]"""
THERE = 0.012
"""Distance from the middle of the spot at which the object is there [m]."""
STROKES, ATTEMPTS = 4, 4
"""How often the hand makes up for what the object lags behind, and is put to it at most."""
SLIPPED = 0.035
"""Distance from the pinch at which the object has slipped out of the hand [m]."""


def push(body: Body, scene: Scene, thing: GraspableObject, mark: TableMark, side: str) -> Motion:
    """Put a hand around an object, push it onto a spot, let go and withdraw.

    Raises:
        SkillFailed: if it does not get there.
    """
    for _ in range(ATTEMPTS):
        yield from _push_once(body, scene, thing, mark, side)
        yield from body.move(side, above(body.wrist(side), HOVER), DESCENT_SPEED)
        if is_pushed(body, thing, mark):
            break
    body.set_grip(side, 0.0)
    yield from travel(body, side, body.rest(side), obstacles(body, scene, ignored=()))
    if not is_pushed(body, thing, mark):
        raise SkillFailed("spot not reached")


def _push_once(
    body: Body, scene: Scene, thing: GraspableObject, mark: TableMark, side: str
) -> Motion:
    body.set_grip(side, OPEN_GRIP)
    around = obstacles(body, scene, ignored=(thing.name,))
    hover = above(grasps_for(side, thing, body.object_pose(thing.name), around)[0].wrist, HOVER)
    yield from travel(body, side, hover, obstacles(body, scene, ignored=()))
    # The object may have been nudged meanwhile: look again.
    grasp = grasps_for(side, thing, body.object_pose(thing.name), around)[0].wrist
    is_free = yield from body.move(side, grasp, DESCENT_SPEED)
    if not is_free:
        return
    body.set_grip(side, PUSHING_GRIP)
    yield from body.wait(CLOSING_TIME)
    for _ in range(STROKES):
        left = place_of(body, mark) - body.object_pose(thing.name).position[:2]
        if np.linalg.norm(left) < THERE or _has_slipped(body, thing, side):
            break
        x, y = body.wrist(side).position[:2] + left
        goal = Pose(np.array([x, y, grasp.position[2]]), grasp.quat_wxyz)
        yield from body.move(side, goal, PUSHING_SPEED)
    yield from open_slowly(body, side, OPEN_GRIP)


def _has_slipped(body: Body, thing: GraspableObject, side: str) -> bool:
    pinch = pinch_point(body.robot, side)
    where = body.world_state.objects[thing.name].pose.position
    return float(np.linalg.norm(pinch[:2] - where[:2])) > SLIPPED


def place_of(body: Body, mark: TableMark) -> FloatArray:
    """Return where a spot is, x and y [m], stance frame."""
    upright = np.array([1.0, 0.0, 0.0, 0.0])
    return body.stance.from_world(Pose(np.array([*mark.position, 0.0]), upright)).position[:2]


def is_pushed(body: Body, thing: GraspableObject, mark: TableMark) -> bool:
    """Tell whether an object is on a spot."""
    off = place_of(body, mark) - body.object_pose(thing.name).position[:2]
    return float(np.linalg.norm(off)) < mark.radius


def pushing_hands(thing: GraspableObject, mark: TableMark) -> tuple[str, ...]:
    """Return the sides whose hand reaches an object and the spot that it is pushed onto."""
    return Push(thing, mark.position).sides()
