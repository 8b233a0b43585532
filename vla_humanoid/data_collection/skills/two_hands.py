"""Hold something between two hands: squeeze it, lift it, set it down."""

from collections.abc import Generator, Mapping

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, StaticBox
from vla_humanoid.control.rotations import quat_to_matrix, yaw_of
from vla_humanoid.data_collection.skills.body import HAND_SPEED, Body, Motion, SkillFailed
from vla_humanoid.schema import POLICY_RATE, SIDES, FloatArray, Pose
from vla_humanoid.tasks.core.geometry import yaw_quat
from vla_humanoid.tasks.core.table_layout import TABLE_HEIGHTS
from vla_humanoid.tasks.core.wide_boxes import top_of

ATTEMPTS = 2
"""How often a box that slipped is taken again before giving up."""
FIST = 1.0
"""Grip of hands that press: knuckles and thumbs give a broad hold, open fingers give way."""
BACK = 0.055
"""How far behind the middle of what they hold the wrists are, so that the fists are at it [m]."""
GAP = 0.11
"""From a side of the box to the wrist beside it, before it is squeezed [m]."""
SQUEEZE = 0.04
"""How far the wrists are commanded beyond the sides: what is held yields to neither [m]."""
ABOVE = 0.02
"""Height of the wrists over the middle of the box as they come [m]."""
LIFT = 0.15
"""[m]"""
CLEARANCE = 0.04
"""Between the underside of what is carried and the highest table [m]."""
NEAR, FAR = 0.36, 0.46
"""How far ahead the middle of a box is carried, and set down [m]."""
SINK = 0.01
"""How far below a surface a box is commanded, so that it stands before the hands open [m]."""
LIFTED = 0.10
"""Rise that proves the hold [m]."""
SPEED = 0.15
"""Of what is held, and of hands that close on it [m/s]."""


def lift_between(body: Body, box: GraspableObject) -> Motion:
    """Take a box that stands squarely ahead between both fists and lift it.

    Raises:
        SkillFailed: if it slips.
    """
    for _ in range(ATTEMPTS):
        before = body.object_pose(box.name)
        yield from _beside(body, box)
        yield from _bring(body, _hold(box, before, -SQUEEZE), SPEED)
        yield from _bring(body, _hold(box, _raised(before, LIFT), -SQUEEZE), SPEED)
        yield from body.wait(0.3)
        if body.object_pose(box.name).position[2] > before.position[2] + LIFTED:
            body.held.update(dict.fromkeys(SIDES, box.name))
            return
        yield from _bring(body, _hold(box, _raised(before, ABOVE), GAP), SPEED)
    raise SkillFailed("box slipped")


def between_hands(body: Body) -> str | None:
    """Return the name of the object that both hands hold together, or None."""
    left, right = (body.held.get(side) for side in SIDES)
    return left if left == right else None


def hug(body: Body, box: GraspableObject) -> Motion:
    """Bring what is between the hands near to the body, above any table."""
    half_height = box.scale * OBJECTS[box.shape].half_height
    height = TABLE_HEIGHTS[1] + CLEARANCE + half_height
    now = body.object_pose(box.name).position
    yield from _shift(body, np.array([0.0, 0.0, max(height - now[2], 0.0)]))
    now = body.object_pose(box.name).position
    yield from _shift(body, np.array([NEAR, 0.0, height]) - now)


def set_down(body: Body, box: GraspableObject, surface: StaticBox) -> Motion:
    """Set what is between the hands down on a surface ahead and withdraw the hands."""
    half_height = box.scale * OBJECTS[box.shape].half_height
    above_surface = body.world_state.objects[box.name].pose.position[2] - top_of(surface)
    height = body.object_pose(box.name).position[2] - above_surface
    now = body.object_pose(box.name).position
    yield from _shift(body, np.array([FAR, 0.0, now[2]]) - now)
    now = body.object_pose(box.name).position
    yield from _shift(body, np.array([0.0, 0.0, height + half_height - SINK - now[2]]))
    yield from body.wait(0.2)
    for side in SIDES:
        body.held.pop(side, None)
    pose = body.object_pose(box.name)
    yield from _bring(body, _hold(box, pose, GAP), SPEED)
    yield from _bring(body, _hold(box, _raised(pose, half_height + LIFT), GAP), HAND_SPEED)
    yield from together(*(body.move(side, body.rest(side)) for side in SIDES))


def _shift(body: Body, by: FloatArray) -> Motion:
    """Move both wrists' commands, and with them what they hold, by a vector, stance frame."""
    goals = {side: body.target.wrists[side] for side in SIDES}
    moved = {side: Pose(goal.position + by, goal.quat_wxyz) for side, goal in goals.items()}
    yield from _bring(body, moved, SPEED)


def _beside(body: Body, box: GraspableObject) -> Motion:
    """Bring both fists beside a box, one to either side."""
    for side in SIDES:
        body.set_grip(side, FIST)
    goals = _hold(box, _raised(body.object_pose(box.name), ABOVE), GAP)
    high = {side: _raised(goal, 2.0 * ABOVE) for side, goal in goals.items()}
    yield from together(*(body.move(side, high[side]) for side in SIDES))
    yield from together(*(body.move(side, goals[side]) for side in SIDES))


def _hold(box: GraspableObject, pose: Pose, gap: float) -> dict[str, Pose]:
    """Return the wrists' poses beside a box, stance frame.

    Args:
        box: what is held.
        pose: of its middle, stance frame.
        gap: between its sides and the wrists, negative to press [m].
    """
    half_width = 0.5 * box.scale * OBJECTS[box.shape].size[1]
    quat = np.array(yaw_quat(yaw_of(quat_to_matrix(pose.quat_wxyz))))
    offsets = {
        side: np.array([-BACK, sign * (half_width + gap), 0.0])
        for side, sign in zip(SIDES, (1.0, -1.0), strict=True)
    }
    return {
        side: Pose(pose.position + quat_to_matrix(quat) @ offset, quat)
        for side, offset in offsets.items()
    }


def _bring(body: Body, goals: Mapping[str, Pose], speed: float) -> Motion:
    """Move both wrists' commands straight to poses at the same time, whatever stops the hands."""
    starts = {side: body.target.wrists[side] for side in SIDES}
    distance = max(
        float(np.linalg.norm(goals[side].position - starts[side].position)) for side in SIDES
    )
    steps = max(1, round(1.5 * distance / speed * POLICY_RATE))
    for step in range(1, steps + 1):
        share = step / steps
        share = share * share * (3.0 - 2.0 * share)
        for side in SIDES:
            start, goal = starts[side].position, goals[side].position
            body.set_wrist(side, Pose(start + share * (goal - start), goals[side].quat_wxyz))
        yield


def together(*motions: Generator[None, None, object]) -> Motion:
    """Carry out motions at the same time, until the last has ended."""
    running = list(motions)
    while running:
        running = [motion for motion in running if _goes_on(motion)]
        if running:
            yield


def _goes_on(motion: Generator[None, None, object]) -> bool:
    try:
        next(motion)
    except StopIteration:
        return False
    return True


def _raised(pose: Pose, height: float) -> Pose:
    return Pose(pose.position + np.array([0.0, 0.0, height]), pose.quat_wxyz)
