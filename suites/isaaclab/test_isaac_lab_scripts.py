"""The ids under which Isaac Lab's own scripts find the environments."""

from typing import cast

import gymnasium
import torch
from isaaclab_tasks.utils.parse_cfg import parse_env_cfg

import vla_humanoid
from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
from vla_humanoid.tasks import task_names


def test_a_configuration_is_found_changed_and_made():
    assert vla_humanoid.__version__
    cfg = parse_env_cfg("VLAHumanoid-StandStill-IsaacLab-v0", device="cpu", num_envs=3)
    env = gymnasium.make("VLAHumanoid-StandStill-IsaacLab-v0", cfg=cfg)
    batch = cast(HumanoidBatchEnv, env.unwrapped)
    assert batch.config.num_envs == 3
    observations, _ = env.reset(seed=1)
    assert observations["policy"]["state"].shape[0] == 3
    for _ in range(3):
        env.step(torch.zeros(3, 18))
    assert not batch.reset_buf.any()
    # An episode that is over is followed by another within the step.
    seeds = [episode.episode.seed for episode in batch.episodes]
    for _ in range(100_000):
        batch.episodes[1].advance()
    env.step(torch.zeros(3, 18))
    assert batch.reset_buf.tolist() == [False, True, False]
    assert [episode.episode.seed for episode in batch.episodes][1] != seeds[1]
    assert batch.episodes[1].world_state().time == 0.0
    env.close()


def test_every_task_has_an_id():
    for task in task_names():
        spec = gymnasium.spec(f"VLAHumanoid-{task}-IsaacLab-v0")
        assert str(spec.kwargs["env_cfg_entry_point"]).endswith(f":{task}")
