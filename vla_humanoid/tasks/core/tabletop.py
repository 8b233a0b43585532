"""A table in front of the robot with objects and containers, all within reach."""

from typing import get_args

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import COLORS, OBJECTS
from vla_humanoid.assets.scene import (
    Container,
    ContainerShape,
    GraspableObject,
    Scene,
    Shape,
    Table,
)
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.kinds import identifier, sample_kinds
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.reach import reaching_sides
from vla_humanoid.tasks.core.table_layout import (
    CONTAINER_SCALES,
    OBJECT_SCALES,
    TABLE_HEIGHTS,
    grasp_point,
    lay_out,
    release_height,
)

CONTAINER_COUNT = (1, 2)
FEWEST_OBJECTS = 2
MOST_OBJECTS = {1: 5, 2: 3}
"""By the number of containers that were laid out; more would hardly ever fit."""
MAX_CONTAINER_RADII = 0.204
"""Largest sum of the radii of a scene's containers, so that objects fit beside them [m]."""

TABLE_HEIGHT = 0.72
MASS_FACTORS = (0.7, 1.5)
FRICTION = 1.0
FRICTIONS = (0.7, 1.2)


def sample_tabletop(random: EpisodeRandom) -> Scene:
    """Sample a table with things on it.

    Colour and shape together are unique among the objects, and among the containers. The axes are
    "distractors" (off: as few objects as there can be), "object_pose", "object_size",
    "object_mass", "object_friction" (all of them of containers as well), "table_height" and those
    of `randomize_appearance`.

    There are one or two containers whatever the axes, so that naming one says something, and since
    a second one takes so much room that it shapes the whole layout. The most objects that there can
    be are laid out, and distractors taken away again, so that their number changes nothing else.

    Raises:
        PlacementError: if no layout was found.
    """
    table = sample_table(random)
    containers = _sample_containers(random)
    objects = _sample_objects(random, MOST_OBJECTS[len(containers)])
    containers, objects = lay_out(containers, objects, table, random.stream("object_pose"))
    count = object_count(random, len(objects))
    scene = Scene(table=table, objects=objects[:count], containers=containers)
    return randomize_appearance(scene, random)


def sample_table(random: EpisodeRandom) -> Table:
    """Sample a table by the axis "table_height"."""
    return Table(height=random.uniform("table_height", TABLE_HEIGHTS, TABLE_HEIGHT))


def hands_for(scene: Scene, thing: GraspableObject, container: Container) -> tuple[str, ...]:
    """Return the sides whose hand reaches both an object and over a container."""
    height = release_height(container.shape, table_of(scene).height, container.scale)
    return reaching_sides(grasp_point(thing), (*container.position[:2], height))


def table_of(scene: Scene) -> Table:
    """Return the table of a scene.

    Raises:
        ValueError: if the scene has none.
    """
    if scene.table is None:
        raise ValueError("This task needs a scene with a table; set Scene.table.")
    return scene.table


def _sample_containers(random: EpisodeRandom) -> list[Container]:
    """Sample containers, not yet placed."""
    rng = random.stream("containers")
    count = int(rng.integers(*CONTAINER_COUNT, endpoint=True))
    while True:
        kinds = sample_kinds(get_args(ContainerShape), count, rng)
        if sum(CONTAINERS[shape].footprint_radius for _, shape in kinds) <= MAX_CONTAINER_RADII:
            break
    return [new_container(color, shape, random) for color, shape in kinds]


def _sample_objects(random: EpisodeRandom, count: int) -> list[GraspableObject]:
    """Sample objects, not yet placed."""
    kinds = sample_kinds(get_args(Shape), count, random.stream("objects"))
    return [new_object(color, shape, random) for color, shape in kinds]


def object_count(random: EpisodeRandom, laid_out: int, fewest: int = FEWEST_OBJECTS) -> int:
    """Return how many objects stay, of those that were laid out, by the axis "distractors"."""
    if not random.is_on("distractors"):
        return fewest
    return int(random.stream("distractors").integers(fewest, laid_out, endpoint=True))


def new_container(color: str, shape: ContainerShape, random: EpisodeRandom) -> Container:
    """Return a container of the episode, not yet placed."""
    name = identifier(color, shape)
    return Container(
        name=name,
        shape=shape,
        color=color,
        rgb=COLORS[color],
        position=(0.0, 0.0, 0.0),
        scale=random.uniform("object_size", CONTAINER_SCALES, 1.0, name),
        mass=random.uniform("object_mass", MASS_FACTORS, 1.0, name) * CONTAINERS[shape].mass,
        friction=random.uniform("object_friction", FRICTIONS, FRICTION, name),
    )


def new_object(color: str, shape: Shape, random: EpisodeRandom) -> GraspableObject:
    """Return an object of the episode, not yet placed."""
    name = identifier(color, shape)
    return GraspableObject(
        name=name,
        shape=shape,
        color=color,
        rgb=COLORS[color],
        position=(0.0, 0.0, 0.0),
        scale=random.uniform("object_size", OBJECT_SCALES, 1.0, name),
        mass=random.uniform("object_mass", MASS_FACTORS, 1.0, name) * OBJECTS[shape].mass,
        friction=random.uniform("object_friction", FRICTIONS, FRICTION, name),
    )
