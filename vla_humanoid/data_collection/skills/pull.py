"""Pull something near with a hook that a hand holds."""

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene
from vla_humanoid.control.rotations import quat_multiply, quat_to_matrix
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.place import is_held
from vla_humanoid.schema import FloatArray, Pose
from vla_humanoid.tasks.core.hooking import GAP, hook_quat, hook_side, hooking, radius_of
from vla_humanoid.tasks.core.tabletop import table_of

OVER = 0.03
"""Height of the hook's underside above everything else on the way there [m]."""
ABOVE_TABLE = 0.003
"""Height of its underside above the table while it pulls [m]."""
FURTHER = GAP + 0.025
"""How much farther than the object is to come it pulls [m]."""
STROKES = 3
"""How often it pulls at most, where the object lags behind."""
LOWERING_SPEED, PULLING_SPEED = 0.25, 0.12
SETTLING_TIME = 0.6
"""[s]"""


def pull_near(
    body: Body, scene: Scene, thing: GraspableObject, tool: GraspableObject, x: float, side: str
) -> Motion:
    """Put a hook that is held around an object, and pull until its middle is near.

    Args:
        body: the robot.
        scene: as it was sampled.
        thing: what to pull.
        tool: the hook.
        x: how far ahead the middle may be in the end, world frame [m].
        side: the hand that holds the hook.

    Raises:
        SkillFailed: if the hook is lost.
    """
    half_height = tool.scale * OBJECTS[tool.shape].half_height
    table = table_of(scene).height
    tops = [it.top for it in obstacles(body, scene, ignored=(tool.name,))]
    over = max(tops) + OVER + half_height
    here = body.object_pose(tool.name)
    yield from body.move(side, _holding(body, tool, side, here.position[:2], over, here.quat_wxyz))
    spot, quat = _around(body, thing, side)
    for _ in range(2):  # The second time makes up for what the hook gave way in the hand.
        yield from body.move(side, _holding(body, tool, side, spot, over, quat))
    if not is_held(body, tool, side):
        raise SkillFailed("hook lost")
    spot, quat = _around(body, thing, side)
    low = table + half_height + ABOVE_TABLE
    yield from body.move(side, _holding(body, tool, side, spot, low, quat), LOWERING_SPEED)
    for _ in range(STROKES):
        left = body.object_pose(thing.name).position[0] - x + FURTHER
        spot = body.object_pose(tool.name).position[:2] - np.array([left, 0.0])
        yield from body.move(side, _holding(body, tool, side, spot, low, quat), PULLING_SPEED)
        yield from body.wait(SETTLING_TIME)
        if is_near(body, thing.name, x):
            return


def hands_for_hook(body: Body, tool: GraspableObject) -> tuple[str, ...]:
    """Return the side whose hand a hook is for, as it lies."""
    return (hook_side(body.object_pose(tool.name).quat_wxyz),)


def is_near(body: Body, name: str, x: float) -> bool:
    """Tell whether the middle of an object is no farther ahead than so, world frame [m]."""
    return bool(body.world_state.objects[name].pose.position[0] < x)


def _around(body: Body, thing: GraspableObject, side: str) -> tuple[FloatArray, FloatArray]:
    """Return where the handle of a hook goes, seen from above, and the hook's orientation."""
    where = body.object_pose(thing.name).position
    x, y, heading = hooking(float(where[0]), float(where[1]), radius_of(thing), side)
    return np.array([x, y]), np.array(hook_quat(side, heading))


def _holding(
    body: Body,
    tool: GraspableObject,
    side: str,
    spot: FloatArray,
    height: float,
    quat_wxyz: FloatArray,
) -> Pose:
    """Return the wrist pose that holds a hook's handle at a place, the hook turned so."""
    wrist, pose = body.wrist(side), body.object_pose(tool.name)
    inverse = pose.quat_wxyz * np.array([1.0, -1.0, -1.0, -1.0])
    turn = quat_multiply(quat_wxyz, inverse)
    in_hand = quat_to_matrix(turn) @ (wrist.position - pose.position)
    goal = np.array([*spot, height]) + in_hand
    return Pose(goal, quat_multiply(turn, wrist.quat_wxyz))
