"""Worlds to export, and exports of them, for the tests of this room."""

from pathlib import Path
from typing import get_args

import mujoco

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import COLORS, OBJECTS
from vla_humanoid.assets.scene import (
    AnyShape,
    Container,
    GraspableObject,
    Scene,
    Shape,
    SpecialShape,
    Table,
)
from vla_humanoid.assets.world import build_world
from vla_humanoid.envs.episode import sample_episode
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.randomization import AXES


def task_world(task: str, seed: int = 0) -> mujoco.MjSpec:
    """Return the world of an episode with everything randomized."""
    episode = sample_episode(load_task(task), seed, AXES, None)
    return build_world(episode.scene, payload=episode.dynamics.payload)


def thing(
    shape: AnyShape, x: float, y: float, *, z: float = 0.0, friction: float = 1.0
) -> GraspableObject:
    """Return an object that stands on something of height z, called by its shape."""
    model = OBJECTS[shape]
    return GraspableObject(
        name=shape.replace(" ", "_"),
        shape=shape,
        color="red",
        rgb=COLORS["red"],
        position=(x, y, z + model.half_height),
        mass=model.mass,
        friction=friction,
    )


def everything() -> mujoco.MjSpec:
    """Return a world without robot: small objects on a table, all else on the floor."""
    special: tuple[SpecialShape, ...] = get_args(SpecialShape)
    small: tuple[Shape, ...] = get_args(Shape)
    objects = tuple(
        thing(shape, 0.45 + 0.12 * (k % 3), -0.5 + 0.11 * k, z=0.722)
        for k, shape in enumerate(small)
    )
    objects += tuple(thing(shape, -1.0 - 0.5 * k, 1.0, z=0.002) for k, shape in enumerate(special))
    containers = tuple(
        Container(f"the_{shape}", shape, "blue", COLORS["blue"], (-1.0 - 0.5 * k, 0.0, 0.002))
        for k, shape in enumerate(CONTAINERS)
    )
    table = Table(position=(0.6, 0.0), size=(1.0, 1.6))
    return without_robot(Scene(table=table, objects=objects, containers=containers))


def without_robot(scene: Scene) -> mujoco.MjSpec:
    """Return the world of a scene without the robot."""
    spec = build_world(scene)
    spec.delete(spec.body("pelvis"))
    return spec


def files_below(folder: Path) -> set[str]:
    """Return the names of all files, relative to a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
