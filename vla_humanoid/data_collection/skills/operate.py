"""Take hold of a fixture's handle from above and move it: pull, push or turn."""

from collections.abc import Generator

import numpy as np

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Fixture
from vla_humanoid.control.rotations import quat_to_matrix, yaw_of
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.grasps import turns_to, wrist_for_pinch
from vla_humanoid.data_collection.skills.travel import above
from vla_humanoid.schema import POLICY_RATE, SIDES, Pose
from vla_humanoid.tasks.core.geometry import yaw_quat
from vla_humanoid.tasks.core.handles import handle_at
from vla_humanoid.tasks.core.plan import MoveHandle
from vla_humanoid.tasks.core.reach import reaches

ATTEMPTS = 3
"""How often the handle is taken hold of before giving up."""
HOVER = 0.09
"""Height above the handle at which the hand arrives and to which it withdraws [m]."""
ALIGNMENTS, ALIGNED = 4, 0.012
"""How often the hand is brought over the handle until it is so near, seen from above [m]."""
STRADDLING_GRIP = 0.45
"""Grip of a hand that comes down with its fingers before a handle and its thumb behind."""
DESCENT_SPEED = 0.25
CLOSING_TIME = 0.4
RELEASE_TIME = 0.3
"""How long fingers take to close and to open [s]."""
LEADING_SPEED, LEADING_TURN = 0.15, 1.0
"""Of the handle on its way [m/s], [rad/s]."""
OVERSHOOT, OVERTURN = 0.04, 0.4
"""How far the hand is led beyond where the handle should be, since hands yield [m], [rad]."""


def move_handle(body: Body, fixture: Fixture, skill: MoveHandle, side: str) -> Motion:
    """Bring the joint of a fixture where a skill wants it; take hold anew where the hand slipped.

    Raises:
        SkillFailed: if it does not get there.
    """
    for _ in range(ATTEMPTS):
        has_hold = yield from _take_hold(body, fixture, side)
        if has_hold:
            yield from _lead(body, fixture, skill, side)
        yield from _let_go(body, side)
        if is_moved(body, skill):
            yield from body.move(side, body.rest(side))
            return
    raise SkillFailed("handle not moved")


def is_moved(body: Body, skill: MoveHandle) -> bool:
    """Tell whether a joint is where a skill wants it."""
    return skill.low <= _position(body, skill.fixture) <= skill.high


def hands_on_handle(body: Body, fixture: Fixture, skill: MoveHandle) -> tuple[str, ...]:
    """Return the sides whose hand can hold the handle all the way, or both where none can."""
    at = _position(body, fixture.name)
    ends = (at, float(np.clip(at, skill.low, skill.high)))
    handles = [body.stance.from_world(_handle(fixture, end)) for end in ends]
    spots = [tuple(map(float, handle.position)) for handle in handles]
    headings = [yaw_of(quat_to_matrix(handle.quat_wxyz)) for handle in handles]
    near = [side for side in SIDES if all(reaches(side, (x, y, z)) for x, y, z in spots)]
    turning = [side for side in near if all(turns_to(side, yaw) for yaw in headings)]
    return tuple(turning or near or SIDES)


def _take_hold(body: Body, fixture: Fixture, side: str) -> Generator[None, None, bool]:
    """Come down on the handle and close; return whether the hand came down all the way."""
    body.set_grip(side, STRADDLING_GRIP)
    grasp = _wrist(body, fixture, _position(body, fixture.name), side)
    hover = above(grasp, HOVER)
    start = body.target.wrists[side]
    rise = max(0.0, float(hover.position[2] - start.position[2]))
    yield from body.move(side, above(start, rise))
    yield from body.move(side, hover)
    for _ in range(ALIGNMENTS):
        if _is_over(body, hover, side):
            break
        yield from body.move(side, hover, DESCENT_SPEED)
    else:
        return False
    grasp = _wrist(body, fixture, _position(body, fixture.name), side)
    is_free = yield from body.move(side, grasp, DESCENT_SPEED)
    if not is_free:
        return False
    body.set_grip(side, 1.0)
    yield from body.wait(CLOSING_TIME)
    return True


def _is_over(body: Body, hover: Pose, side: str) -> bool:
    off = body.wrist(side).position - hover.position
    return float(np.linalg.norm(off[:2])) < ALIGNED


def _lead(body: Body, fixture: Fixture, skill: MoveHandle, side: str) -> Motion:
    """Move the handle along its way until the joint is well within where it should be."""
    at, middle = _position(body, fixture.name), 0.5 * (skill.low + skill.high)
    sign, arm = (1.0 if at < middle else -1.0), _lever_arm(fixture)
    enough = 0.5 * (middle + (skill.low if sign > 0.0 else skill.high))
    end = middle + sign * min(OVERSHOOT / arm, OVERTURN)
    step = min(LEADING_SPEED / arm, LEADING_TURN) / POLICY_RATE
    for _ in range(int(abs(end - at) / step) + POLICY_RATE):
        if sign * (_position(body, fixture.name) - enough) >= 0.0:
            return
        at += sign * min(step, abs(end - at))
        body.steer(side, _wrist(body, fixture, at, side))
        yield


def _let_go(body: Body, side: str) -> Motion:
    """Open the hand and rise."""
    body.set_grip(side, STRADDLING_GRIP)
    yield from body.wait(RELEASE_TIME)
    yield from body.move(side, above(body.wrist(side), HOVER), DESCENT_SPEED)
    body.set_grip(side, 0.0)


def _wrist(body: Body, fixture: Fixture, position: float, side: str) -> Pose:
    """Return the wrist pose of a hand that holds the handle with the joint at a position."""
    handle = body.stance.from_world(_handle(fixture, position))
    return wrist_for_pinch(side, handle.position, yaw_of(quat_to_matrix(handle.quat_wxyz)))


def _handle(fixture: Fixture, position: float) -> Pose:
    """Return where the handle is, x along the heading of a hand that holds it, world frame."""
    point, heading = handle_at(fixture, position)
    return Pose(np.array(point), np.array(yaw_quat(heading)))


def _lever_arm(fixture: Fixture) -> float:
    """Return how far the handle moves per unit of the joint, [m/m] or [m/rad]."""
    model = FIXTURES[fixture.kind]
    if model.motion == "slide":
        return 1.0
    offset = np.subtract(model.handle, model.anchor)[:2]
    return max(fixture.scale * float(np.linalg.norm(offset)), 0.05)


def _position(body: Body, name: str) -> float:
    return body.world_state.fixtures[name].position
