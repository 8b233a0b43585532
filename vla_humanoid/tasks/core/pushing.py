"""Which way is free to push a thing along a table onto a painted spot."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Shape, TableMark
from vla_humanoid.tasks.core.reach import reaching_sides
from vla_humanoid.tasks.core.table_layout import OBJECT_SCALES, TABLE_HEIGHTS

PUSHED: tuple[Shape, ...] = ("cube", "block", "cylinder", "hexagonal prism")
"""What is low and broad enough to be pushed without toppling, and does not roll."""
HAND_ROOM = 0.045
"""Least gap between what is pushed and what stands beside its way [m]."""
SHORTEST = 0.10
"""Least distance to push [m]."""

Spot: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Push:
    """An object and where it is pushed, x and y [m], world frame."""

    thing: GraspableObject
    place: Spot

    @property
    def distance(self) -> float:
        """How far it is [m]."""
        (x, y), (to_x, to_y) = self.thing.position[:2], self.place
        return math.hypot(to_x - x, to_y - y)

    def sides(self) -> tuple[str, ...]:
        """Return the sides whose hand reaches both ends, at any height of the table and size."""
        model = OBJECTS[self.thing.shape]
        heights = [
            height + scale * (model.half_height + model.grasp_height)
            for height in TABLE_HEIGHTS
            for scale in OBJECT_SCALES
        ]
        ends = (self.thing.position[:2], self.place)
        return reaching_sides(*((*end, height) for end in ends for height in heights))

    def is_free(self, things: Sequence[GraspableObject]) -> bool:
        """Tell whether no other thing stands in the way."""
        start, end = np.array(self.thing.position[:2]), np.array(self.place)
        along = end - start
        for other in things:
            if other.name == self.thing.name:
                continue
            spot = np.array(other.position[:2])
            share = float(np.clip((spot - start) @ along / max(float(along @ along), 1e-9), 0, 1))
            gap = float(np.linalg.norm(start + share * along - spot))
            if gap < _radius(other) + _radius(self.thing) + HAND_ROOM:
                return False
        return True


def can_be_pushed(
    thing: GraspableObject, mark: TableMark, things: Sequence[GraspableObject]
) -> bool:
    """Tell whether a hand can push an object straight onto a spot, which it is not on already."""
    push = Push(thing, mark.position)
    is_far = push.distance > SHORTEST
    return thing.shape in PUSHED and is_far and bool(push.sides()) and push.is_free(things)


def _radius(thing: GraspableObject) -> float:
    return OBJECT_SCALES[1] * OBJECTS[thing.shape].footprint_radius
