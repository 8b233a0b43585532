"""Pour what is in a held jug into a container."""

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.scene import Container, GraspableObject, Scene
from vla_humanoid.assets.tools import JUG_HALF_HEIGHT
from vla_humanoid.control.rotations import quat_multiply, quat_to_matrix, rotvec_to_quat
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.place import is_held
from vla_humanoid.data_collection.skills.travel import travel
from vla_humanoid.schema import FloatArray, Pose
from vla_humanoid.tasks.core.marbles import jug_of, marbles_of, poured_into
from vla_humanoid.tasks.core.tabletop import table_of

ARRIVING = 0.03
"""Height of an upright jug's underside above the rim of the container on arrival [m]."""
TILTS = np.radians([45.0, 75.0, 95.0, 110.0, 125.0, 140.0])
"""Angles from upright to which the jug is tilted, one after the other [rad]."""
MOUTH_HEIGHT = (0.14, 0.09, 0.09, 0.09, 0.10, 0.11)
"""Of the middle of its mouth above the rim by then: the palm is beyond it, and comes lower [m]."""
MOUTH_BEFORE = 0.012
"""How far the mouth stays on the near side of the container's middle: marbles fly on [m]."""
POURING_SPEED = 0.2
EMPTYING_TIME, LOOKS = 0.3, 4
"""Between looks whether it is empty [s], and how many of them."""


def pour(
    body: Body, scene: Scene, jug: GraspableObject, container: Container, share: float, side: str
) -> Motion:
    """Carry a jug that is held over a container, tilt it, and raise it again.

    The hand turns about its own heading, palm inwards, so that the jug pours to the hand's own side
    between thumb and fingers.

    Args:
        body: the robot.
        scene: as it was sampled.
        jug: what is held.
        container: where its content goes.
        share: part of the content that must get there.
        side: the hand that holds the jug.

    Raises:
        SkillFailed: if the jug is lost.
    """
    rim = container.scale * CONTAINERS[container.shape].rim_height
    upright = 2.0 * JUG_HALF_HEIGHT + ARRIVING
    goal = _pouring(body, jug, container, side, 0.0, rim + upright)
    hanging = float(body.wrist(side).position[2] - body.object_pose(jug.name).position[2])
    ignored = (jug.name, *(it.name for it in marbles_of(scene)))
    others = obstacles(body, scene, ignored)
    yield from travel(body, side, goal, others, hanging + JUG_HALF_HEIGHT)
    if not is_held(body, jug, side):
        raise SkillFailed("jug lost")
    for angle, height in zip(TILTS.tolist(), MOUTH_HEIGHT, strict=True):
        goal = _pouring(body, jug, container, side, angle, rim + height)
        yield from body.move(side, goal, POURING_SPEED)
    for _ in range(LOOKS):
        yield from body.wait(EMPTYING_TIME)
        if is_poured(body, scene, container, share):
            break
    yield from body.move(side, _pouring(body, jug, container, side, 0.0, rim + upright))


def is_poured(body: Body, scene: Scene, container: Container, share: float) -> bool:
    """Tell whether a container holds so large a part of the marbles."""
    marbles, state = marbles_of(scene), body.world_state
    found = poured_into(container, marbles, jug_of(scene), state, table_of(scene))
    return len(found) >= share * len(marbles)


def _pouring(
    body: Body, jug: GraspableObject, container: Container, side: str, angle: float, height: float
) -> Pose:
    """Return the wrist pose that holds the jug tilted, its mouth so high above the container."""
    wrist, pose = body.wrist(side), body.object_pose(jug.name)
    sign = 1.0 if side == "left" else -1.0
    heading = _heading(quat_to_matrix(wrist.quat_wxyz))
    outward = sign * np.array([-heading[1], heading[0], 0.0])
    axis = np.sin(angle) * outward + np.array([0.0, 0.0, np.cos(angle)])
    turn = _turn_onto(quat_to_matrix(pose.quat_wxyz)[:, 2], axis)
    mouth = body.object_pose(container.name).position - MOUTH_BEFORE * outward
    mouth[2] += height
    in_hand = quat_to_matrix(turn) @ (wrist.position - pose.position)
    return Pose(mouth - JUG_HALF_HEIGHT * axis + in_hand, quat_multiply(turn, wrist.quat_wxyz))


def _heading(rotation: FloatArray) -> FloatArray:
    """Return the horizontal direction of a wrist's fingers, shape (3,)."""
    fingers = np.array([rotation[0, 0], rotation[1, 0], 0.0])
    return fingers / np.linalg.norm(fingers)


def _turn_onto(axis: FloatArray, goal: FloatArray) -> FloatArray:
    """Return the smallest rotation (w, x, y, z) that turns one unit vector onto another."""
    across = np.cross(axis, goal)
    sine = float(np.linalg.norm(across))
    angle = np.arctan2(sine, float(axis @ goal))
    return rotvec_to_quat(angle * across / max(sine, 1e-9))
