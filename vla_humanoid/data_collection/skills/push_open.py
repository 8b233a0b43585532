"""Push a door open with a hand held out, walking towards it."""

import numpy as np

from vla_humanoid.assets.scene import Fixture
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.feet import Feet
from vla_humanoid.data_collection.skills.steering import along
from vla_humanoid.schema import POLICY_RATE, SIDES, Pose
from vla_humanoid.tasks.core.plan import PushOpen
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.room_doors import is_hinged_left

HELD_OUT = (0.36, 0.10, 0.95)
"""Where the left wrist is held meanwhile: ahead, to its own side and up, stance frame [m]."""
WAY = 1.6
"""How far to walk towards the door and after it [m]."""
PATIENCE = 10.0
"""How long that may take [s]."""


def push_open(body: Body, door: Fixture, skill: PushOpen, side: str) -> Motion:
    """Walk straight ahead, a fist held out, until the door is open.

    Raises:
        SkillFailed: if it does not open.
    """
    feet = Feet(body)
    x, y, z = HELD_OUT
    out = Pose(np.array([x, y if side == "left" else -y, z]), body.rest(side).quat_wxyz)
    body.set_grip(side, 1.0)
    yield from body.move(side, out)
    here = feet.stance
    ahead = np.array([here.x + WAY * np.cos(here.yaw), here.y + WAY * np.sin(here.yaw)])
    line, walked = Polyline(((here.x, here.y), (float(ahead[0]), float(ahead[1])))), 0.0
    for _ in range(round(PATIENCE * POLICY_RATE)):
        if is_open(body, skill):
            break
        halt = feet.halt
        walked = max(walked, line.nearest(halt.x, halt.y)[0])
        feet.command(along(line, walked, halt))
        yield
    yield from feet.stop()
    yield from body.move(side, body.rest(side))
    body.set_grip(side, 0.0)
    if not is_open(body, skill):
        raise SkillFailed("door not opened")


def is_open(body: Body, skill: PushOpen) -> bool:
    """Tell whether a door is open as far as a skill wants it."""
    return body.world_state.fixtures[skill.door].position >= skill.angle


def hands_to_push(door: Fixture) -> tuple[str, ...]:
    """Return the hand on the side of the hinge first: it follows the door further."""
    left, right = SIDES
    return (left, right) if is_hinged_left(door) else (right, left)
