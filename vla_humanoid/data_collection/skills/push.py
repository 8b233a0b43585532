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
from vla_humanoid.tasks.core.pushing import Push

PUSHING_GRIP, CLOSING_TIME = 0.6, 0.4
"""Grip that leads an object without holding it up, and how long the fingers take to close [s]."""
PUSHING_SPEED = 0.15
"""[m/s]"""
THERE = 0.012
"""Distance from the middle of the spot at which the object is there [m]."""
STROKES = 4
"""How often the hand makes up for what the object lags behind."""


def push(body: Body, scene: Scene, thing: GraspableObject, mark: TableMark, side: str) -> Motion:
    """Put a hand around an object, push it onto a spot, let go and withdraw.

    Raises:
        SkillFailed: if the hand cannot come down around the object.
    """
    body.set_grip(side, OPEN_GRIP)
    around = obstacles(body, scene, ignored=(thing.name,))
    hover = above(grasps_for(side, thing, body.object_pose(thing.name), around)[0].wrist, HOVER)
    yield from travel(body, side, hover, obstacles(body, scene, ignored=()))
    # The object may have been nudged meanwhile: look again.
    grasp = grasps_for(side, thing, body.object_pose(thing.name), around)[0].wrist
    is_free = yield from body.move(side, grasp, DESCENT_SPEED)
    if is_free:
        body.set_grip(side, PUSHING_GRIP)
        yield from body.wait(CLOSING_TIME)
        height = float(grasp.position[2])
        for _ in range(STROKES):
            left = place_of(body, mark) - body.object_pose(thing.name).position[:2]
            if np.linalg.norm(left) < THERE:
                break
            x, y = body.wrist(side).position[:2] + left
            goal = Pose(np.array([x, y, height]), grasp.quat_wxyz)
            yield from body.move(side, goal, PUSHING_SPEED)
        yield from open_slowly(body, side, OPEN_GRIP)
    yield from body.move(side, above(body.wrist(side), HOVER), DESCENT_SPEED)
    body.set_grip(side, 0.0)
    yield from travel(body, side, body.rest(side), obstacles(body, scene, ignored=()))
    if not is_free:
        raise SkillFailed("object not reached")


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
