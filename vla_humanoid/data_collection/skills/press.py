"""Press a button from above with the tips of a closed hand."""

from collections.abc import Generator

import numpy as np

from vla_humanoid.assets.scene import Fixture
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.grasps import PREFERRED_INWARD_YAW, wrist_for_pinch
from vla_humanoid.data_collection.skills.travel import above
from vla_humanoid.schema import POLICY_RATE, SIDES, Pose
from vla_humanoid.tasks.core.handles import handle_at
from vla_humanoid.tasks.core.plan import Press
from vla_humanoid.tasks.core.reach import reaching_sides

ATTEMPTS = 3
"""How often it is tried before giving up."""
CLOSED_GRIP = 0.8
"""Grip at which thumb and fingers point down side by side."""
TIPS = 0.022
"""How far they then reach below the pinch point [m]."""
HOVER = 0.07
"""Height of the tips above the button on arrival [m]."""
PRESSING_SPEED = 0.12
DEEPEST = 0.05
"""How far beyond the unpressed button's top the tips are sent, since hands yield [m]."""
AMPLE = 1.15
"""How far the button is pressed in, relative to what is asked for."""


def press(body: Body, button: Fixture, skill: Press, side: str) -> Motion:
    """Press a button and withdraw; try again where it did not go in far enough.

    Raises:
        SkillFailed: if it does not go in.
    """
    for _ in range(ATTEMPTS):
        is_in = yield from _press(body, button, skill, side)
        yield from body.move(side, above(body.wrist(side), HOVER))
        if is_in:
            body.pressed.add(button.name)
            yield from body.move(side, body.rest(side))
            return
    raise SkillFailed("button not pressed")


def hands_on_button(body: Body, button: Fixture) -> tuple[str, ...]:
    """Return the sides whose hand reaches a button, or both where none does."""
    top = body.stance.from_world(_top(button)).position
    return reaching_sides((float(top[0]), float(top[1]), float(top[2]))) or SIDES


def _press(body: Body, button: Fixture, skill: Press, side: str) -> Generator[None, None, bool]:
    """Come down on the button; return whether it went in."""
    body.set_grip(side, CLOSED_GRIP)
    arrival = _wrist(body, button, side, HOVER)
    start = body.target.wrists[side]
    rise = max(0.0, float(arrival.position[2] - start.position[2]))
    yield from body.move(side, above(start, rise))
    yield from body.move(side, arrival)
    height, is_in = HOVER, False
    while height > -DEEPEST:
        height -= PRESSING_SPEED / POLICY_RATE
        body.steer(side, _wrist(body, button, side, height))
        yield
        depth = body.world_state.fixtures[button.name].position
        is_in = is_in or depth >= skill.depth
        if depth >= AMPLE * skill.depth:
            break
    return is_in


def _wrist(body: Body, button: Fixture, side: str, height: float) -> Pose:
    """Return the wrist pose with the tips at a height above the unpressed button [m]."""
    top = body.stance.from_world(_top(button)).position
    yaw = -PREFERRED_INWARD_YAW if side == "left" else PREFERRED_INWARD_YAW
    return wrist_for_pinch(side, top + np.array([0.0, 0.0, height + TIPS]), yaw)


def _top(button: Fixture) -> Pose:
    point, _ = handle_at(button, 0.0)
    return Pose(np.array(point), np.array([1.0, 0.0, 0.0, 0.0]))
