"""Put a held object down, in or on a container or on another object, and let go."""

from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, GraspableObject, Scene
from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.data_collection.skills.free_spot import free_spot
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.release import (
    FREE_GRIP,
    OPENING_TIME,
    open_slowly,
    shake_off,
)
from vla_humanoid.data_collection.skills.travel import HAND_DEPTH, above, travel
from vla_humanoid.schema import FloatArray, Pose
from vla_humanoid.tasks.core.stacking import top_of

RIM_CLEARANCE = 0.035
"""Height of the object's underside above the rim on the way over it [m]."""
DROP_HEIGHT = 0.008
"""Height of the object's underside above the container's floor when the hand opens [m]."""
PINCH_ABOVE_RIM = 0.0
"""Height of the pinch above the rim below which the hand does not go: walls would catch it [m]."""
DEEP, FINGER_DEPTH = 0.03, 0.035
"""Height of a rim within which fingers are caught beside the middle, and how far they reach below
the pinch: there, a hand stays above the rim [m]."""
RELEASE_GRIP = 0.35
"""Grip at which any object is free, while the fingers stay clear of what surrounds them."""
TOUCHING = -0.002
"""Height of the underside above what is stacked on when the hand opens: none, to be sure [m]."""
LOST = 0.24
"""Distance from wrist to object beyond which the object has been lost [m]."""
LOWERING_SPEED = 0.25
SHAKES = 3
"""How often it is tried to get rid of an object that sticks to the open hand."""
RETREAT = 0.12
"""How far the open hand rises after letting go [m]."""


@dataclass(frozen=True)
class _Rest:
    """Where a held object is put down.

    Args:
        bearer: name of what bears it there.
        offset: from the bearer's origin to the surface that it rests on, along the axes of the
            stance frame [m].
        rim: height of what surrounds that surface, above it [m].
        drop_height: of the object's underside above that surface when the hand opens [m].
        release: grip to which the hand opens.
        opening_time: how long it takes to [s]: fingers that let go at once push what stands free.
        pinch_above_rim: height of the pinch above the rim below which the hand does not go [m].
    """

    bearer: str
    offset: FloatArray
    rim: float
    drop_height: float = DROP_HEIGHT
    release: float = RELEASE_GRIP
    opening_time: float = 0.0
    pinch_above_rim: float = PINCH_ABOVE_RIM


def place(
    body: Body,
    scene: Scene,
    thing: GraspableObject,
    container: Container,
    side: str,
    offset: tuple[float, float] = (0.0, 0.0),
) -> Motion:
    """Carry a held object over a container, lower it, let go and withdraw.

    Where the object is lost on the way, the hand only withdraws.

    Args:
        body: the robot.
        scene: as it was sampled.
        thing: the object.
        container: where it goes.
        side: the hand that holds it.
        offset: how far ahead and left of the container's middle it goes [m].
    """
    box, scale = CONTAINERS[container.shape], container.scale
    floor = scale * box.floor_height
    rim = scale * box.rim_height - floor
    is_tight = rim > DEEP and any(offset)
    rest = _Rest(
        container.name,
        np.array([*free_spot(body, scene, thing, container, side, offset), floor]),
        rim,
        pinch_above_rim=FINGER_DEPTH if is_tight else PINCH_ABOVE_RIM,
    )
    return _put_down(body, scene, thing, rest, side)


def put_on(
    body: Body, scene: Scene, thing: GraspableObject, base: GraspableObject, side: str
) -> Motion:
    """Carry a held object over another one, set it down on top, let go and withdraw."""
    top = np.array([0.0, 0.0, top_of(base)])
    rest = _Rest(base.name, top, 0.0, TOUCHING, FREE_GRIP, OPENING_TIME)
    return _put_down(body, scene, thing, rest, side)


def _put_down(body: Body, scene: Scene, thing: GraspableObject, rest: _Rest, side: str) -> Motion:
    model = OBJECTS[thing.shape]
    half_height = thing.scale * model.half_height
    underside = float(body.object_pose(thing.name).position[2]) - half_height
    hanging = max(HAND_DEPTH, float(body.wrist(side).position[2]) - underside)
    others = obstacles(body, scene, ignored=(thing.name, rest.bearer))
    over = rest.rim + RIM_CLEARANCE + half_height
    yield from travel(body, side, _carrying(body, thing, rest, side, over), others, hanging)
    body.held.pop(side, None)
    if is_held(body, thing, side):
        lowest_pinch = rest.rim + rest.pinch_above_rim - thing.scale * model.grasp_height
        low = max(rest.drop_height + half_height, lowest_pinch)
        yield from body.move(side, _carrying(body, thing, rest, side, low), LOWERING_SPEED)
        yield from open_slowly(body, side, rest.release, rest.opening_time)
        yield from body.move(side, above(body.target.wrists[side], RETREAT), LOWERING_SPEED)
        for _ in range(SHAKES):
            if not _sticks(body, thing, rest, side):
                break
            yield from shake_off(body, side, _carrying(body, thing, rest, side, low))
            yield from body.move(side, above(body.target.wrists[side], RETREAT), LOWERING_SPEED)
    body.set_grip(side, 0.0)
    yield from travel(body, side, body.rest(side), obstacles(body, scene, ignored=()))


def _carrying(body: Body, thing: GraspableObject, rest: _Rest, side: str, height: float) -> Pose:
    """Return the wrist pose that holds the object's centre above the place where it is to rest."""
    wrist = body.wrist(side)
    in_hand: FloatArray = body.object_pose(thing.name).position - wrist.position
    goal = body.object_pose(rest.bearer).position + rest.offset + np.array([0.0, 0.0, height])
    return Pose(goal - in_hand, body.target.wrists[side].quat_wxyz)


def _sticks(body: Body, thing: GraspableObject, rest: _Rest, side: str) -> bool:
    """Tell whether an object came up again with the open hand, wedged between its fingers."""
    surface = body.object_pose(rest.bearer).position[2] + rest.offset[2]
    center = thing.scale * OBJECTS[thing.shape].half_height
    raised = float(body.object_pose(thing.name).position[2] - surface - center)
    return raised > 0.5 * RETREAT and is_held(body, thing, side)


def is_held(body: Body, thing: GraspableObject, side: str) -> bool:
    """Tell whether an object is where a hand would hold it."""
    offset = body.object_pose(thing.name).position - body.wrist(side).position
    return float(np.linalg.norm(offset)) < LOST
