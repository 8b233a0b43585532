"""Put a held object down in or on a container and let go."""

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, GraspableObject, Scene
from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.travel import HAND_DEPTH, above, travel
from vla_humanoid.schema import FloatArray, Pose

RIM_CLEARANCE = 0.035
"""Height of the object's underside above the rim on the way over it [m]."""
DROP_HEIGHT = 0.008
"""Height of the object's underside above the container's floor when the hand opens [m]."""
PINCH_ABOVE_RIM = 0.0
"""Height of the pinch above the rim below which the hand does not go: walls would catch it [m]."""
RELEASE_GRIP = 0.35
"""Grip at which any object is free, while the fingers stay clear of what surrounds them."""
LOST = 0.24
"""Distance from wrist to object beyond which the object has been lost [m]."""
LOWERING_SPEED = 0.25
RETREAT = 0.12
"""How far the open hand rises after letting go [m]."""


def place(
    body: Body, scene: Scene, thing: GraspableObject, container: Container, side: str
) -> Motion:
    """Carry a held object over a container, lower it, let go and withdraw.

    Where the object is lost on the way, the hand only withdraws.
    """
    model, box = OBJECTS[thing.shape], CONTAINERS[container.shape]
    half_height = thing.scale * model.half_height
    over = container.scale * box.rim_height + RIM_CLEARANCE + half_height
    underside = float(body.object_pose(thing.name).position[2]) - half_height
    hanging = max(HAND_DEPTH, float(body.wrist(side).position[2]) - underside)
    others = obstacles(body, scene, ignored=(thing.name, container.name))
    yield from travel(body, side, _carrying(body, thing, container, side, over), others, hanging)
    body.held.pop(side, None)
    if is_held(body, thing, side):
        rim = container.scale * box.rim_height
        on_floor = container.scale * box.floor_height + DROP_HEIGHT + half_height
        low = max(on_floor, rim + PINCH_ABOVE_RIM - thing.scale * model.grasp_height)
        yield from body.move(side, _carrying(body, thing, container, side, low), LOWERING_SPEED)
        body.set_grip(side, RELEASE_GRIP)
        yield from body.wait(0.35)
        yield from body.move(side, above(body.target.wrists[side], RETREAT), LOWERING_SPEED)
    body.set_grip(side, 0.0)
    yield from body.move(side, body.rest(side))


def _carrying(
    body: Body, thing: GraspableObject, container: Container, side: str, height: float
) -> Pose:
    """Return the wrist pose that holds the object's centre above the container's origin."""
    wrist = body.wrist(side)
    in_hand: FloatArray = body.object_pose(thing.name).position - wrist.position
    goal = body.object_pose(container.name).position + np.array([0.0, 0.0, height])
    return Pose(goal - in_hand, body.target.wrists[side].quat_wxyz)


def is_held(body: Body, thing: GraspableObject, side: str) -> bool:
    """Tell whether an object is where a hand would hold it."""
    offset = body.object_pose(thing.name).position - body.wrist(side).position
    return float(np.linalg.norm(offset)) < LOST
