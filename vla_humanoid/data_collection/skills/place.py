"""Put a held object down in or on a container and let go."""

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, GraspableObject
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.pick import above
from vla_humanoid.schema import FloatArray, Pose

RIM_CLEARANCE = 0.035
"""Height of the object's underside above the rim on the way over it [m]."""
DROP_HEIGHT = 0.008
"""Height of the object's underside above the container's floor when the hand opens [m]."""
HELD = 0.14
"""Distance from wrist to object beyond which the object has been lost [m]."""
LOWERING_SPEED = 0.25
RETREAT = 0.12
"""How far the open hand rises after letting go [m]."""


def place(body: Body, thing: GraspableObject, container: Container, side: str) -> Motion:
    """Carry a held object over a container, lower it, let go and withdraw.

    Raises:
        SkillFailed: if the object is lost on the way.
    """
    model, box = OBJECTS[thing.shape], CONTAINERS[container.shape]
    half_height = thing.scale * model.half_height
    over = container.scale * box.rim_height + RIM_CLEARANCE + half_height
    yield from body.move(side, _carrying(body, thing, container, side, over))
    _check_held(body, thing, side)
    rest = container.scale * box.floor_height + DROP_HEIGHT + half_height
    yield from body.move(side, _carrying(body, thing, container, side, rest), LOWERING_SPEED)
    body.set_grip(side, 0.0)
    yield from body.wait(0.35)
    yield from body.move(side, above(body.target.wrists[side], RETREAT), LOWERING_SPEED)
    yield from body.move(side, body.rest(side))


def _carrying(
    body: Body, thing: GraspableObject, container: Container, side: str, height: float
) -> Pose:
    """Return the wrist pose that holds the object's centre above the container's origin."""
    wrist = body.wrist(side)
    in_hand: FloatArray = body.object_pose(thing.name).position - wrist.position
    goal = body.object_pose(container.name).position + np.array([0.0, 0.0, height])
    return Pose(goal - in_hand, body.target.wrists[side].quat_wxyz)


def _check_held(body: Body, thing: GraspableObject, side: str) -> None:
    offset = body.object_pose(thing.name).position - body.wrist(side).position
    if float(np.linalg.norm(offset)) > HELD + 0.1:
        raise SkillFailed("object lost")
