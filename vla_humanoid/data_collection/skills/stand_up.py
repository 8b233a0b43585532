"""Take a thing that lies across its axis, turn it upright in the hand and set it down."""

from collections.abc import Generator

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene
from vla_humanoid.control.rotations import quat_multiply, quat_to_matrix, rotvec_to_quat
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.grasps import YAW_RANGE, wrist_for_pinch
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.pick import (
    CLOSING_TIME,
    DESCENT_SPEED,
    HOVER,
    LIFTED,
    OPEN_GRIP,
)
from vla_humanoid.data_collection.skills.release import open_slowly
from vla_humanoid.data_collection.skills.travel import above, travel
from vla_humanoid.schema import SIDES, FloatArray, Pose
from vla_humanoid.tasks.core.hands import PINCH_POINTS
from vla_humanoid.tasks.core.lying import GRASPED_ALONG
from vla_humanoid.tasks.core.tabletop import table_of

ATTEMPTS = 2
"""How often a missed grasp is tried again before giving up."""
LOWEST_PINCH = 0.028
"""Of a palm-down hand above the table [m]."""
TURNING_HEIGHT = 0.06
"""Height of the thing's underside above the table while it is turned [m]."""
TOUCHING = 0.001
"""Height of its underside above the table when the hand opens [m]."""
LOWERING_SPEED = 0.15
RETREAT = 0.09
"""How far the open hand draws back from a thing that stands [m]."""


def stand_up(body: Body, scene: Scene, thing: GraspableObject, side: str) -> Motion:
    """Stand a thing up that lies with its upper end inwards of the hand.

    Raises:
        SkillFailed: if it cannot be grasped.
    """
    for _ in range(ATTEMPTS):
        before = float(body.object_pose(thing.name).position[2])
        is_free = yield from _grasp(body, scene, thing, side)
        if is_free and body.object_pose(thing.name).position[2] > before + LIFTED:
            break
        body.set_grip(side, OPEN_GRIP)
        yield from body.move(side, above(body.wrist(side), HOVER))
    else:
        raise SkillFailed("grasp missed")
    half_height, height = thing.scale * OBJECTS[thing.shape].half_height, table_of(scene).height
    x, y, _ = body.object_pose(thing.name).position
    for _ in range(2):  # The second turn makes up for what the thing gave way in the first.
        spot = np.array([x, y, height + half_height + TURNING_HEIGHT])
        yield from body.move(side, _turned_upright(body, thing, side, spot))
    spot = np.array([x, y, height + half_height + TOUCHING])
    yield from body.move(side, _turned_upright(body, thing, side, spot), LOWERING_SPEED)
    yield from open_slowly(body, side)
    yield from body.move(side, _drawn_back(body, side), LOWERING_SPEED)
    yield from body.move(side, above(body.wrist(side), 2.0 * half_height), LOWERING_SPEED)
    body.set_grip(side, 0.0)
    yield from travel(body, side, body.rest(side), obstacles(body, scene, ignored=()))


def hands_to_stand_up(body: Body, thing: GraspableObject) -> tuple[str, ...]:
    """Return the sides whose hand can take a lying thing so that it turns the right way."""
    low, high = YAW_RANGE
    signs = {"left": 1.0, "right": -1.0}
    return tuple(side for side in SIDES if low <= signs[side] * _heading(body, thing, side) <= high)


def _grasp(
    body: Body, scene: Scene, thing: GraspableObject, side: str
) -> Generator[None, None, bool]:
    """Come down across the thing, close and lift; return whether the hand came down all the way."""
    body.set_grip(side, OPEN_GRIP)
    hover = above(_grasping(body, scene, thing, side), HOVER)
    yield from travel(body, side, hover, obstacles(body, scene, ignored=()))
    grasp = _grasping(body, scene, thing, side)  # It may have rolled meanwhile: look again.
    is_free = yield from body.move(side, grasp, DESCENT_SPEED)
    if not is_free:
        return False
    body.set_grip(side, 1.0)
    yield from body.wait(CLOSING_TIME)
    yield from body.move(side, above(grasp, HOVER), DESCENT_SPEED)
    return True


def _grasping(body: Body, scene: Scene, thing: GraspableObject, side: str) -> Pose:
    pose = body.object_pose(thing.name)
    along = thing.scale * GRASPED_ALONG[thing.shape]
    pinch = pose.position + along * quat_to_matrix(pose.quat_wxyz)[:, 2]
    pinch[2] = max(pinch[2], table_of(scene).height + LOWEST_PINCH)
    return wrist_for_pinch(side, pinch, _heading(body, thing, side))


def _heading(body: Body, thing: GraspableObject, side: str) -> float:
    """Return the heading of a hand that has the thing's upper end inwards of it [rad]."""
    axis = quat_to_matrix(body.object_pose(thing.name).quat_wxyz)[:, 2]
    heading = np.arctan2(axis[1], axis[0]) + (0.5 if side == "left" else -0.5) * np.pi
    return float((heading + np.pi) % (2.0 * np.pi) - np.pi)


def _turned_upright(body: Body, thing: GraspableObject, side: str, spot: FloatArray) -> Pose:
    """Return the wrist pose that holds the thing upright with its middle at a spot."""
    wrist, pose = body.wrist(side), body.object_pose(thing.name)
    axis = quat_to_matrix(pose.quat_wxyz)[:, 2]
    across = np.cross(axis, [0.0, 0.0, 1.0])
    sine = float(np.linalg.norm(across))
    turn = rotvec_to_quat(np.arctan2(sine, axis[2]) * across / max(sine, 1e-9))
    in_hand = quat_to_matrix(turn) @ (pose.position - wrist.position)
    return Pose(spot - in_hand, quat_multiply(turn, wrist.quat_wxyz))


def _drawn_back(body: Body, side: str) -> Pose:
    """Return the wrist pose away from what stands between thumb and fingers, off the palm."""
    wrist = body.wrist(side)
    off_palm = -np.sign(PINCH_POINTS[side][1]) * quat_to_matrix(wrist.quat_wxyz)[:, 1]
    off_palm[2] = max(off_palm[2], 0.0)
    return Pose(wrist.position + RETREAT * off_palm, wrist.quat_wxyz)
