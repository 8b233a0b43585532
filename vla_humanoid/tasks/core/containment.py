"""Whether an object is in or on a container, and the container still fit to hold it."""

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, GraspableObject, Table
from vla_humanoid.schema import RigidBodyState
from vla_humanoid.tasks.core.geometry import to_body
from vla_humanoid.tasks.core.predicates import is_upright

STANDING_GAP = 0.03
"""Largest height of a container's underside above the table while it stands there [m]."""


def contains(
    container: Container,
    container_state: RigidBodyState,
    thing: GraspableObject,
    thing_state: RigidBodyState,
) -> bool:
    """Tell whether an object's centre is inside a container, in the container's own frame.

    Seen from above it lies in the inner region; it is no higher than if it stood on end upon the
    rim. Whether something else holds it there is another question: see `is_released`.
    """
    model, thing_model = CONTAINERS[container.shape], OBJECTS[thing.shape]
    x, y, z = to_body(container_state.pose, thing_state.pose.position) / container.scale
    extent = max(thing_model.half_height, thing_model.footprint_radius)
    top = model.rim_height + extent * thing.scale / container.scale
    return model.inner.covers(x, y) and bool(0.0 < z < top)


def stands_on(table: Table, container_state: RigidBodyState) -> bool:
    """Tell whether a container stands upright on a table."""
    gap = abs(container_state.pose.position[2] - table.height)
    return is_upright(container_state) and bool(gap < STANDING_GAP)
