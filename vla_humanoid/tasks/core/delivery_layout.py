"""A table ahead with objects, and a counter to one side with containers."""

import math
from dataclasses import replace
from typing import TypeVar, get_args

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import Container, ContainerShape, GraspableObject, Scene, Shape
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.counter import ahead_of, counter_before, table_before
from vla_humanoid.tasks.core.floor import sample_floor
from vla_humanoid.tasks.core.geometry import yaw_quat
from vla_humanoid.tasks.core.kinds import sample_kinds
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.table_layout import TABLE_HEIGHTS, lay_out
from vla_humanoid.tasks.core.tabletop import (
    TABLE_HEIGHT,
    new_container,
    new_object,
    object_count,
)

MOST_OBJECTS, CONTAINERS = 3, 2
TABLE_AHEAD, TABLE_ASIDE = (0.5, 0.9), (-0.3, 0.3)
"""Where the robot works at the table, from where it begins [m]."""
COUNTER_AHEAD, COUNTER_ASIDE = (-0.3, 0.1), (1.0, 1.3)
"""Where it works at the counter, on one side or the other [m]."""
ORIGIN = Stance(0.0, 0.0, 0.0)

ThingT = TypeVar("ThingT", GraspableObject, Container)


def sample_delivery(random: EpisodeRandom) -> Scene:
    """Sample table, counter and what stands on them, each within reach of who stands there.

    The axes are those of `sample_tabletop`, of which "object_pose" and "table_height" hold for
    table and counter as well, and "floor_friction". On which side the counter is, and its colour,
    vary whatever the axes.

    Raises:
        PlacementError: if no layout was found.
    """
    rng = random.stream("counter")
    side = 1.0 if rng.random() < 0.5 else -1.0
    color = list(COLORS)[int(rng.integers(len(COLORS)))]
    at_table = Stance(
        random.uniform("object_pose", TABLE_AHEAD, sum(TABLE_AHEAD) / 2.0, "table ahead"),
        random.uniform("object_pose", TABLE_ASIDE, sum(TABLE_ASIDE) / 2.0, "table aside"),
        0.0,
    )
    at_counter = Stance(
        random.uniform("object_pose", COUNTER_AHEAD, sum(COUNTER_AHEAD) / 2.0, "counter ahead"),
        side * random.uniform("object_pose", COUNTER_ASIDE, sum(COUNTER_ASIDE) / 2.0, "aside"),
        side * 0.5 * math.pi,
    )
    table = table_before(at_table, random.uniform("table_height", TABLE_HEIGHTS, TABLE_HEIGHT))
    height = random.uniform("table_height", TABLE_HEIGHTS, TABLE_HEIGHT, "counter")
    containers, objects = _things(random, table.height, height)
    scene = Scene(
        table=table,
        objects=tuple(_moved(thing, at_table) for thing in objects),
        containers=tuple(_moved(box, at_counter) for box in containers),
        boxes=counter_before(at_counter, height, color),
        floor_friction=sample_floor(random)[0],
    )
    return randomize_appearance(scene, random)


def _things(
    random: EpisodeRandom, table_height: float, counter_height: float
) -> tuple[tuple[Container, ...], tuple[GraspableObject, ...]]:
    """Return containers and objects, as if the robot stood at the origin for either."""
    box_kinds = sample_kinds(get_args(ContainerShape), CONTAINERS, random.stream("containers"))
    kinds = sample_kinds(get_args(Shape), MOST_OBJECTS, random.stream("objects"))
    boxes = [new_container(color, shape, random) for color, shape in box_kinds]
    things = [new_object(color, shape, random) for color, shape in kinds]
    on_counter, on_table = random.stream("object_pose").spawn(2)
    containers, _ = lay_out(boxes, (), table_before(ORIGIN, counter_height), on_counter)
    _, objects = lay_out((), things, table_before(ORIGIN, table_height), on_table)
    return containers, objects[: object_count(random, len(objects))]


def _moved(thing: ThingT, place: Stance) -> ThingT:
    """Return a thing that stands before the origin where it stands before another place."""
    x, y, z = thing.position
    w, _, _, rise = thing.quat_wxyz
    yaw = place.yaw + 2.0 * math.atan2(rise, w)
    return replace(thing, position=(*ahead_of(place, x, y), z), quat_wxyz=yaw_quat(yaw))
