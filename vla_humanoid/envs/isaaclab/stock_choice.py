"""Which bodies the worlds of a task are made with."""

from collections.abc import Sequence
from typing import get_args

from vla_humanoid.assets.scene import ContainerShape, LandmarkShape, Scene, Shape
from vla_humanoid.envs.isaaclab.batch_config import BatchConfig
from vla_humanoid.sims.isaaclab.asset_files import landmark_asset, object_asset
from vla_humanoid.sims.isaaclab.stock import Stock
from vla_humanoid.tasks.core.placement import PlacementError
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.task import Task

_SAMPLES = 20
"""Scenes looked at to learn what a task uses at all."""


def choose_stock(task: Task[object], config: BatchConfig) -> Stock:
    """Return what the configuration asks for.

    Either what the episodes of `BatchConfig.stock_seeds` need, or `BatchConfig.copies` of every
    shape of the kinds of things that the task has: objects, containers, landmarks.

    Raises:
        ValueError: if its scenes have what these worlds cannot hold.
    """
    axes = frozenset(config.randomization)
    if config.stock_seeds:
        scenes = [task.sample_scene(EpisodeRandom(seed, axes)) for seed in config.stock_seeds]
        _check(config.task, scenes)
        return Stock.of(scenes)
    scenes = [scene for seed in range(_SAMPLES) if (scene := _scene(task, seed, axes))]
    _check(config.task, scenes)
    copies: dict[str, int] = {}
    if any(scene.objects for scene in scenes):
        copies |= {object_asset(shape): config.copies for shape in get_args(Shape)}
    most = max((len(scene.containers) for scene in scenes), default=0)
    if most:
        copies |= {
            object_asset(shape): min(config.copies, most) for shape in get_args(ContainerShape)
        }
    if any(scene.landmarks for scene in scenes):
        copies |= {landmark_asset(shape): config.copies for shape in get_args(LandmarkShape)}
    return Stock.of(scenes[:1], copies)


def holds(scene: Scene) -> bool:
    """Tell whether the worlds of engine "isaaclab" can hold everything in a scene."""
    is_known = all(thing.shape in get_args(Shape) for thing in scene.objects)
    return is_known and not (scene.fixtures or scene.boxes or scene.marks)


def _check(task: str, scenes: Sequence[Scene]) -> None:
    if not all(map(holds, scenes)):
        raise ValueError(
            f"{task} has fixtures, walls, painted spots or shapes of its own, which worlds of "
            "engine='isaaclab' cannot hold yet; choose engine='physx' or engine='mujoco'."
        )


def _scene(task: Task[object], seed: int, axes: frozenset[str]) -> Scene | None:
    try:
        return task.sample_scene(EpisodeRandom(seed, axes))
    except PlacementError:
        return None
