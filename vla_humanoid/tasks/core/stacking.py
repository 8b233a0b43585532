"""What can bear what, and whether one object rests on another."""

from collections.abc import Mapping

import numpy as np

from vla_humanoid.assets.containers import Disc, Rectangle, Region
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import AnyShape, GraspableObject, Table
from vla_humanoid.schema import RigidBodyState, WorldState
from vla_humanoid.tasks.core.geometry import to_body
from vla_humanoid.tasks.core.handling import is_let_go
from vla_humanoid.tasks.core.predicates import is_at_rest, is_upright
from vla_humanoid.tasks.core.reach import reaching_sides

TOPS: Mapping[AnyShape, Region] = {
    "cube": Rectangle(0.027, 0.027),
    "block": Rectangle(0.044, 0.023),
    "cylinder": Disc(0.0275),
    "can": Disc(0.0285),
    "hexagonal prism": Disc(0.0275),
}
"""The flat tops that can bear something, at scale 1; what rests has its centre above them."""
FLAT_BOTTOMED: tuple[AnyShape, ...] = (*TOPS, "mug", "cup")
"""What can be stacked on a flat top."""
CONTACT_GAP = 0.01
"""Largest error of the height at which something rests [m]."""
ARRIVAL = 0.05
"""Height above where it comes to rest at which an object arrives [m]."""
SUNK = 0.02
"""How far what bears something may be off the height at which it stands on the table [m]."""


def can_bear(base: GraspableObject, thing: GraspableObject) -> bool:
    """Tell whether an object can be stacked on another one."""
    return base is not thing and base.shape in TOPS and thing.shape in FLAT_BOTTOMED


def top_of(base: GraspableObject) -> float:
    """Return the height of an object's flat top above its origin [m]."""
    return base.scale * OBJECTS[base.shape].half_height


def rests_on(base: GraspableObject, thing: GraspableObject, state: WorldState) -> bool:
    """Tell whether an object is on top of another one, which is upright, held there or not."""
    below, above = state.objects[base.name], state.objects[thing.name]
    x, y, z = to_body(below.pose, above.pose.position)
    model, gap = OBJECTS[thing.shape], float(z) - top_of(base)
    up = to_body(above.pose, above.pose.position + np.array([0.0, 0.0, 1.0]))
    # Half of what it measures upwards; a round thing on its side measures less than its box.
    low = 0.5 * thing.scale * min(model.size)
    high = 0.5 * thing.scale * float(np.abs(up) @ np.array(model.size))
    touches = low - CONTACT_GAP < gap < high + CONTACT_GAP
    is_over = TOPS[base.shape].covers(float(x) / base.scale, float(y) / base.scale)
    return touches and is_over and is_upright(below)


def stands_on_table(thing: GraspableObject, state: RigidBodyState, table: Table) -> bool:
    """Tell whether an object stands upright on a table."""
    height = state.pose.position[2] - thing.scale * OBJECTS[thing.shape].half_height
    return is_upright(state) and bool(abs(height - table.height) < SUNK)


def is_stacked(
    base: GraspableObject, thing: GraspableObject, state: WorldState, table: Table
) -> bool:
    """Tell whether an object rests, let go, on another one, which stands on the table."""
    bodies = state.objects
    return (
        rests_on(base, thing, state)
        and stands_on_table(base, bodies[base.name], table)
        and is_at_rest(bodies[base.name])
        and is_at_rest(bodies[thing.name])
        and is_let_go(thing, state)
    )


def hands_to_stack(
    thing: GraspableObject, base: GraspableObject, table_height: float
) -> tuple[str, ...]:
    """Return the sides whose hand reaches an object and can set it down on another one."""
    model = OBJECTS[thing.shape]
    top = table_height + base.scale * 2.0 * OBJECTS[base.shape].half_height
    pinch = top + thing.scale * (model.half_height + model.grasp_height) + ARRIVAL
    taken = table_height + thing.scale * (model.half_height + model.grasp_height)
    return reaching_sides((*thing.position[:2], taken), (*base.position[:2], pinch))
