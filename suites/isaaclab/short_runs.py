"""Episodes that end early, and datasets of them."""

from pathlib import Path
from typing import cast

import numpy as np
import torch
from isaaclab.utils.datasets import HDF5DatasetFileHandler

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.robot_model import GRAVITY
from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.batch import Batch, BatchEpisode
from vla_humanoid.data_collection.batch_pool import BatchPool
from vla_humanoid.data_collection.dataset_index import write_merged
from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.expert import Expert, ExpertWorld
from vla_humanoid.data_collection.expert_run import make_expert
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.data_collection.worker import Job
from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
from vla_humanoid.schema import SIDES, FloatArray


class HastyExpert(Expert):
    """Gives up after some steps."""

    def __init__(self, world: ExpertWorld, steps: int) -> None:
        super().__init__(world)
        self._steps = steps

    def reset(self) -> None:
        super().reset()
        self._left = self._steps

    def act(self, observation: Observation | None = None) -> Action:
        action = super().act(observation)
        self._left -= 1
        if self._left < 0:
            self.gave_up = "in a hurry"
        return action


def hold(env: HumanoidBatchEnv, steps: int) -> FloatArray:
    """Let every robot stand; return what its feet bear [N], shape (steps, worlds)."""
    experts = [Expert(cast(ExpertWorld, episode)) for episode in env.episodes]
    for expert in experts:
        expert.reset()
    action = np.stack([expert.act() for expert in experts])
    loads = np.zeros((steps, len(env.episodes)))
    for row in loads:
        env.advance(action)
        wrenches = [episode.world_state().robot.foot_wrenches for episode in env.episodes]
        row[:] = [sum(sides[side][2] for side in SIDES) for sides in wrenches]
    return loads


def feet_bear(loads: FloatArray) -> FloatArray:
    """Return the mean load of each world's feet, once it has settled, as a share of the weight."""
    weight = GRAVITY * sum(link.mass for link in g1().links)
    return loads[10:].mean(axis=0) / weight


def record(env: HumanoidBatchEnv, output: Path, attempts: int, steps: int) -> None:
    """Record attempts of so many steps at most into a dataset file."""
    config = GenerationConfig(
        env.config.task,
        episodes=attempts,
        cameras=env.config.cameras,
        image_size=env.config.image_size,
        randomization=env.config.randomization,
        keep_failures=True,
        engine="isaaclab",
        physics=env.config.physics,
    )

    def make_policy(world: BatchEpisode) -> Expert:
        return HastyExpert(cast(ExpertWorld, world), steps)

    def make_batch() -> Batch:
        return cast(Batch, env)

    parts = PartsFolder(output)
    parts.open()
    # Not as a context, which would close the environment.
    pool = BatchPool(Job(config, output, make_expert), make_batch, make_policy).__enter__()
    pool.wait()
    left = list(range(attempts))
    while left or pool.in_flight:
        while left and pool.has_idle:
            pool.assign(left.pop(0))
        pool.wait()
    description = pool.description
    assert description is not None
    write_merged(output, parts, config, description, list(parts.results().values()))
    parts.close()


def load(file: Path) -> dict[str, dict[str, torch.Tensor]]:
    """Load every episode as Isaac Lab does; return its numbers by the episode's name."""
    handler = HDF5DatasetFileHandler()
    handler.open(str(file))
    episodes: dict[str, dict[str, torch.Tensor]] = {}
    for name in handler.get_episode_names():
        episode = handler.load_episode(name, "cpu")
        assert episode is not None
        assert episode.get_initial_state() is not None
        episodes[name] = dict(episode.data)
    handler.close()
    return episodes
