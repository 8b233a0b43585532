"""Yes-or-no questions about an object of a scene and what is done with it by hand."""

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, GraspableObject, Table
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.containment import contains, stands_on
from vla_humanoid.tasks.core.predicates import is_at_rest, is_released

LIFT_HEIGHT = 0.03
"""Height above where it stood at which an object counts as picked up [m]."""


def is_lifted(thing: GraspableObject, state: WorldState) -> bool:
    """Tell whether an object is clearly above where it stood at first."""
    return bool(state.objects[thing.name].pose.position[2] > thing.position[2] + LIFT_HEIGHT)


def is_in(thing: GraspableObject, container: Container, state: WorldState) -> bool:
    """Tell whether an object is in or on a container, held or not."""
    bodies = state.objects
    return contains(container, bodies[container.name], thing, bodies[thing.name])


def is_let_go(thing: GraspableObject, state: WorldState) -> bool:
    """Tell whether both hands are away from an object."""
    radius = thing.scale * OBJECTS[thing.shape].bounding_radius
    return is_released(state.objects[thing.name], radius, state.robot)


def is_placed_in(
    thing: GraspableObject, container: Container, state: WorldState, table: Table
) -> bool:
    """Tell whether an object lies, let go and at rest, in a container that stands on the table."""
    return (
        is_in(thing, container, state)
        and stands_on(table, state.objects[container.name])
        and is_at_rest(state.objects[thing.name])
        and is_let_go(thing, state)
    )
