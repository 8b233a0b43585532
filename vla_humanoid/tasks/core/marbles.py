"""Marbles in a jug, and where they have come to be."""

import math
from collections.abc import Sequence

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, GraspableObject, Scene, Table
from vla_humanoid.assets.tools import JUG_FLOOR, JUG_HALF_HEIGHT, JUG_RADIUS
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.containment import contains, stands_on
from vla_humanoid.tasks.core.geometry import to_body
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.tabletop import FRICTION, FRICTIONS, MASS_FACTORS

FEWEST, MOST = 4, 7
"""How many marbles there are; so many lie side by side on the floor of a jug."""
RING = 0.0172
"""Distance of the outer ones from the middle: they touch neither each other nor the wall [m]."""
MARBLE_FRICTION = 0.5


def new_jug(random: EpisodeRandom) -> GraspableObject:
    """Return a jug of the episode, not yet placed; its size is always the same."""
    color = str(random.stream("jug color").choice(list(COLORS)))
    return GraspableObject(
        name="jug",
        shape="jug",
        color=color,
        rgb=COLORS[color],
        position=(0.0, 0.0, 0.0),
        mass=random.uniform("object_mass", MASS_FACTORS, 1.0, "jug") * OBJECTS["jug"].mass,
        friction=random.uniform("object_friction", FRICTIONS, FRICTION, "jug"),
    )


def marbles_in(jug: GraspableObject, random: EpisodeRandom) -> tuple[GraspableObject, ...]:
    """Return marbles at rest on the floor of a jug that stands somewhere, each of a colour."""
    rng = random.stream("marbles")
    count = int(rng.integers(FEWEST, MOST, endpoint=True))
    colors = rng.permutation(list(COLORS))[:count].tolist()
    model, (x, y, z) = OBJECTS["marble"], jug.position
    height = z - JUG_HALF_HEIGHT + JUG_FLOOR + model.half_height
    turn = float(rng.uniform(0.0, 2.0 * math.pi))
    mass = model.mass * random.uniform("object_mass", MASS_FACTORS, 1.0, "marbles")
    found: list[GraspableObject] = []
    for k, color in enumerate(colors):
        angle, radius = turn + math.pi * k / 3.0, RING if k < MOST - 1 else 0.0
        spot = x + radius * math.cos(angle), y + radius * math.sin(angle), height
        found.append(
            GraspableObject(
                name=f"{color}_marble".replace(" ", "_"),
                shape="marble",
                color=color,
                rgb=COLORS[color],
                position=spot,
                mass=mass,
                friction=MARBLE_FRICTION,
            )
        )
    return tuple(found)


def jug_of(scene: Scene) -> GraspableObject:
    """Return the jug of a scene that has one."""
    return next(thing for thing in scene.objects if thing.shape == "jug")


def marbles_of(scene: Scene) -> tuple[GraspableObject, ...]:
    """Return the marbles of a scene."""
    return tuple(thing for thing in scene.objects if thing.shape == "marble")


def poured_into(
    container: Container,
    marbles: Sequence[GraspableObject],
    jug: GraspableObject,
    state: WorldState,
    table: Table,
) -> tuple[GraspableObject, ...]:
    """Return the marbles that are in a container that stands on the table, and not in the jug."""
    bodies = state.objects
    if not stands_on(table, bodies[container.name]):
        return ()
    return tuple(
        it
        for it in marbles
        if contains(container, bodies[container.name], it, bodies[it.name])
        and not _is_in_jug(it, jug, state)
    )


def _is_in_jug(marble: GraspableObject, jug: GraspableObject, state: WorldState) -> bool:
    bodies = state.objects
    x, y, z = to_body(bodies[jug.name].pose, bodies[marble.name].pose.position).tolist()
    return math.hypot(x, y) < JUG_RADIUS and abs(z) < JUG_HALF_HEIGHT
