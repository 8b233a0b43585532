"""Where things stand on a table so that hands can grasp them and take them anywhere.

Room is kept for things at their largest size, and reach is checked for both ends of the table's
height, so that neither axis of randomization changes the layout.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import (
    AnyShape,
    Container,
    ContainerShape,
    GraspableObject,
    Table,
    Vec3,
)
from vla_humanoid.schema import FloatArray
from vla_humanoid.tasks.core.geometry import yaw_quat
from vla_humanoid.tasks.core.placement import Item, Region, Spot, place
from vla_humanoid.tasks.core.reach import reaching_sides

OBJECT_REGION = Region(x=(0.26, 0.46), y=(-0.35, 0.35))
CONTAINER_REGION = Region(x=(0.30, 0.46), y=(-0.18, 0.18))
"""Where centres may be, world frame [m]; containers in the middle, where both hands reach."""
OBJECT_CLEARANCE = 0.045
"""Least gap around an object, for a hand to come down beside it [m]."""
CONTAINER_CLEARANCE = 0.015
"""Least gap between two containers [m]."""
EDGE_MARGIN = 0.01
"""Least gap between a thing and the near edge of the table [m]."""
RELEASE_HEIGHT = 0.06
"""Height of the pinch point above a container's rim when it arrives over it [m]."""
HAND_HEADINGS = (-1.2, 0.7)
"""Headings of a left hand that grasps from above [rad], inwards negative; the right mirrors them.

Some shapes can be held along certain lines only; those are turned so that the nearer hand's heading
along one of them lies within."""

TABLE_HEIGHTS = (0.66, 0.78)
OBJECT_SCALES = (0.9, 1.1)
CONTAINER_SCALES = (0.85, 1.0)
"""Smallest and largest of what is randomized."""


def container_item(container: Container, table: Table, enlarged: float = 1.0) -> Item:
    """Return a container as something to place where both hands reach it.

    Args:
        container: which one.
        table: where it goes.
        enlarged: how much larger than usual such containers are.
    """
    smallest, largest = (enlarged * scale for scale in CONTAINER_SCALES)
    heights = [
        release_height(container.shape, height, scale)
        for height in TABLE_HEIGHTS
        for scale in (smallest, largest)
    ]
    radius = largest * CONTAINERS[container.shape].footprint_radius
    region = behind_edge(CONTAINER_REGION, table, radius)
    return Item(container.name, radius, CONTAINER_CLEARANCE, region, reachable(heights, hands=2))


def object_item(thing: GraspableObject, table: Table) -> Item:
    """Return an object as something to place where a hand reaches it."""
    heights = [
        height + scale * (OBJECTS[thing.shape].half_height + OBJECTS[thing.shape].grasp_height)
        for height in TABLE_HEIGHTS
        for scale in OBJECT_SCALES
    ]
    radius = OBJECT_SCALES[1] * OBJECTS[thing.shape].footprint_radius
    region = behind_edge(OBJECT_REGION, table, radius)
    return Item(thing.name, radius, OBJECT_CLEARANCE, region, reachable(heights, hands=1))


def lay_out(
    containers: Sequence[Container],
    objects: Sequence[GraspableObject],
    table: Table,
    rng: np.random.Generator,
    enlarged: float = 1.0,
) -> tuple[tuple[Container, ...], tuple[GraspableObject, ...]]:
    """Return containers and objects, wherever they were, placed on a table.

    Args:
        containers: to place.
        objects: to place.
        table: where they go.
        rng: decides where.
        enlarged: how much larger than usual the containers are.

    Raises:
        PlacementError: if no layout was found.
    """
    items = [container_item(container, table, enlarged) for container in containers]
    items += [object_item(thing, table) for thing in objects]
    spot_rng, turn_rng = rng.spawn(2)
    spots = place(items, spot_rng)
    turns = turn_rng.random((len(items), 3))
    count = len(containers)
    return (
        tuple(
            stood_container(container, spot, turn, table)
            for container, spot, turn in zip(containers, spots[:count], turns[:count], strict=True)
        ),
        tuple(
            stood_object(thing, spot, turn, table)
            for thing, spot, turn in zip(objects, spots[count:], turns[count:], strict=True)
        ),
    )


def grasp_point(thing: GraspableObject) -> Vec3:
    """Return where an object is grasped, world frame [m]."""
    x, y, z = thing.position
    return x, y, z + thing.scale * OBJECTS[thing.shape].grasp_height


def release_height(shape: ContainerShape, table_height: float, scale: float) -> float:
    """Return the height of the pinch point on arrival over a container [m]."""
    return table_height + scale * CONTAINERS[shape].rim_height + RELEASE_HEIGHT


def reachable(heights: Sequence[float], hands: int) -> Callable[[float, float], bool]:
    """Return whether so many hands reach a spot at every one of some heights of the pinch [m]."""

    def is_reachable(x: float, y: float) -> bool:
        return len(reaching_sides(*((x, y, height) for height in heights))) >= hands

    return is_reachable


def behind_edge(region: Region, table: Table, radius: float) -> Region:
    """Return the part of a region where a thing does not jut out over the near edge."""
    edge = table.position[0] - 0.5 * table.size[0]
    return Region((max(region.x[0], edge + EDGE_MARGIN + radius), region.x[1]), region.y)


def stood_container(container: Container, spot: Spot, turn: FloatArray, table: Table) -> Container:
    """Return a container standing at a spot, turned by the first of some numbers in [0, 1)."""
    yaw = math.pi * (2.0 * float(turn[0]) - 1.0)
    return replace(container, position=(*spot, table.height), quat_wxyz=yaw_quat(yaw))


def stood_object(
    thing: GraspableObject, spot: Spot, turn: FloatArray, table: Table
) -> GraspableObject:
    """Return an object standing at a spot, turned by three numbers in [0, 1) for a hand's grasp."""
    height = table.height + thing.scale * OBJECTS[thing.shape].half_height
    yaw = _graspable_yaw(thing.shape, spot, turn)
    return replace(thing, position=(*spot, height), quat_wxyz=yaw_quat(yaw))


def _graspable_yaw(shape: AnyShape, spot: Spot, turn: FloatArray) -> float:
    """Return a yaw at which the nearer hand can close on a shape [rad].

    Args:
        shape: of the object.
        spot: where it stands.
        turn: three numbers in [0, 1): which heading, which of the lines, and from which end.
    """
    lines = OBJECTS[shape].grasp_yaws
    if lines is None:
        return math.pi * (2.0 * float(turn[0]) - 1.0)
    inwards, outwards = HAND_HEADINGS
    heading = inwards + float(turn[0]) * (outwards - inwards)
    if spot[1] < 0.0:
        heading = -heading
    line = lines[int(turn[1] * len(lines))]
    return heading - line + (math.pi if turn[2] < 0.5 else 0.0)
