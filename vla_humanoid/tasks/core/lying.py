"""Things that lie on a table as a hand can take them and stand them up.

A palm-down hand takes a lying thing across its axis and turns by a quarter about its own heading,
palm inwards: so its upper end must point inwards, to the right of a left hand's heading.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import AnyShape, GraspableObject, Quat, Table
from vla_humanoid.tasks.core.placement import Item, Region
from vla_humanoid.tasks.core.table_layout import (
    OBJECT_CLEARANCE,
    OBJECT_SCALES,
    TABLE_HEIGHTS,
    behind_edge,
    reachable,
)

GRASPED_ALONG: Mapping[AnyShape, float] = {"bottle": 0.040, "can": 0.008, "cup": 0.008}
"""What can be stood up, and how far above its middle it is taken, at scale 1 [m]."""
THICKNESS: Mapping[AnyShape, float] = {"bottle": 0.034, "can": 0.0285, "cup": 0.0275}
"""Height of the middle above the table while it lies, at scale 1 [m]."""
HEADINGS = (-0.6, 0.4)
"""Headings of a left hand that takes a lying thing [rad]; the right one mirrors them."""
REGION = {
    "left": Region(x=(0.28, 0.40), y=(0.08, 0.27)),
    "right": Region(x=(0.28, 0.40), y=(-0.27, -0.08)),
}
"""Where the middles of lying things may be, by the hand that takes them, world frame [m]."""


def top_azimuth(side: str, heading: float) -> float:
    """Return which way a lying thing's upper end points for a hand of a heading [rad]."""
    return heading + (-0.5 if side == "left" else 0.5) * math.pi


def lying_quat(azimuth: float) -> Quat:
    """Return the orientation of a thing that lies with its upper end to an azimuth [rad]."""
    half = math.sqrt(0.5)
    return half, -half * math.sin(azimuth), half * math.cos(azimuth), 0.0


def lying_item(thing: GraspableObject, side: str, table: Table) -> Item:
    """Return a lying thing as something to place where a hand reaches it."""
    model = OBJECTS[thing.shape]
    heights = [
        height + scale * part
        for height in TABLE_HEIGHTS
        for scale in OBJECT_SCALES
        for part in (THICKNESS[thing.shape], model.half_height + GRASPED_ALONG[thing.shape])
    ]
    radius = OBJECT_SCALES[1] * math.hypot(model.half_height, THICKNESS[thing.shape])
    region = behind_edge(REGION[side], table, radius)
    return Item(thing.name, radius, OBJECT_CLEARANCE, region, reachable(heights, hands=1))


def laid_down(
    thing: GraspableObject, spot: Sequence[float], side: str, table: Table, turn: float
) -> GraspableObject:
    """Return a thing lying at a spot, for a hand to take; ``turn`` in [0, 1) says how it lies."""
    low, high = HEADINGS
    heading = low + turn * (high - low)
    azimuth = top_azimuth(side, heading if side == "left" else -heading)
    height = table.height + thing.scale * THICKNESS[thing.shape]
    return replace(thing, position=(spot[0], spot[1], height), quat_wxyz=lying_quat(azimuth))
