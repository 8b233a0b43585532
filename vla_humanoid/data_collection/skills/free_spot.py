"""Where in a container there is room for one more thing."""

import math
from collections.abc import Sequence

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, GraspableObject, Scene
from vla_humanoid.control.rotations import quat_to_matrix, yaw_of
from vla_humanoid.data_collection.skills.body import Body
from vla_humanoid.data_collection.skills.obstacles import Obstacle, hand_clearance, obstacles
from vla_humanoid.tasks.core.containment import contains

TURNS = 16
"""How many directions from the middle are weighed."""
DETOUR_COST = 0.1
"""Room that each metre away from the planned spot must be worth."""


def free_spot(
    body: Body,
    scene: Scene,
    thing: GraspableObject,
    container: Container,
    side: str,
    offset: tuple[float, float],
) -> tuple[float, float]:
    """Return where in a container a held object finds room, ahead and left of its middle [m].

    That is the planned spot where nothing lies in the container yet. Otherwise it is as far from
    the middle, on the side on which the object and the hand have most room.

    Args:
        body: the robot.
        scene: as it was sampled.
        thing: the held object.
        container: where it goes.
        side: the hand that holds it.
        offset: the planned spot.
    """
    state = body.world_state.objects
    inside = [
        other.name
        for other in scene.objects
        if other.name != thing.name
        and contains(container, state[container.name], other, state[other.name])
    ]
    if not inside or not any(offset):
        return offset
    others = [it.name for it in (*scene.objects, *scene.containers) if it.name not in inside]
    there = obstacles(body, scene, ignored=others)
    return max(
        _candidates(body, thing, container, offset),
        key=lambda spot: (
            _room(body, thing, container, side, spot, there) - DETOUR_COST * math.dist(spot, offset)
        ),
    )


def _candidates(
    body: Body, thing: GraspableObject, container: Container, offset: tuple[float, float]
) -> list[tuple[float, float]]:
    """Return the planned spot and others as far from the middle, the object within the walls."""
    model, away = CONTAINERS[container.shape], math.hypot(*offset)
    turned = yaw_of(quat_to_matrix(body.object_pose(container.name).quat_wxyz))
    farthest = (away + thing.scale * OBJECTS[thing.shape].footprint_radius) / container.scale
    spots = [offset]
    for angle in np.linspace(-math.pi, math.pi, TURNS, endpoint=False).tolist():
        x, y = farthest * math.cos(angle - turned), farthest * math.sin(angle - turned)
        if model.inner.covers(x, y):
            spots.append((away * math.cos(angle), away * math.sin(angle)))
    return spots


def _room(
    body: Body,
    thing: GraspableObject,
    container: Container,
    side: str,
    spot: tuple[float, float],
    there: Sequence[Obstacle],
) -> float:
    """Return the least gap between the object, or the hand about it, and what lies there [m]."""
    model, pinch = OBJECTS[thing.shape], body.object_pose(container.name).position.copy()
    pinch[:2] += spot
    pinch[2] += container.scale * CONTAINERS[container.shape].floor_height
    pinch[2] += thing.scale * (model.half_height + model.grasp_height)
    yaw = yaw_of(quat_to_matrix(body.target.wrists[side].quat_wxyz))
    radius = thing.scale * model.footprint_radius
    gaps = [float(np.linalg.norm(pinch[:2] - it.center)) - it.radius - radius for it in there]
    return min([*gaps, hand_clearance(there, pinch, yaw)])
