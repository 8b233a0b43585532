"""The whole environment through the real `DirectRLEnv` of 2.3.2, in a world that stands still."""

from collections.abc import Iterator

import gymnasium
import numpy as np
import pytest
import torch
from gymnasium.spaces import Dict
from physx_views import stand_in_for_physx
from still_world import StillSimulation, stand_in_for_simulation

from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv

SEEDS = (4, 5, 6)


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Iterator[HumanoidBatchEnv]:
    stand_in_for_physx(monkeypatch)
    stand_in_for_simulation(monkeypatch)
    made = gymnasium.make(
        "VLAHumanoid-PickPlace-v0", engine="isaaclab", num_envs=2, stock_seeds=SEEDS
    ).unwrapped
    assert isinstance(made, HumanoidBatchEnv)
    yield made
    made.close()


def test_an_episode_begins_and_takes_a_step(env: HumanoidBatchEnv) -> None:
    observations, extras = env.reset(options={"seeds": [4, 5]})
    seen, space = observations["policy"], env.observation_space
    assert isinstance(seen, dict)
    assert isinstance(space, Dict)
    state = seen["state"]
    assert state.shape == space["state"].shape
    assert torch.isfinite(state).all()
    assert [episode.episode.seed for episode in env.episodes] == [4, 5]
    assert extras["instruction"] == [episode.instruction for episode in env.episodes]

    _, reward, terminated, truncated, extras = env.step(torch.tensor(env.action_space.sample()))
    assert isinstance(env.sim, StillSimulation)
    assert env.sim.steps == env.cfg.decimation
    assert reward.shape == terminated.shape == truncated.shape == (2,)
    assert len(extras["steps"]) == 2


def test_things_stand_where_the_episode_has_them(env: HumanoidBatchEnv) -> None:
    env.reset(options={"seeds": [4, 5]})
    for episode in env.episodes:
        for name, body in episode.initial_state().objects.items():
            placed = episode.world_state().objects[name].pose
            assert placed.position == pytest.approx(body.pose.position, abs=2e-5)
            assert placed.quat_wxyz == pytest.approx(body.pose.quat_wxyz, abs=1e-6)


def test_one_world_begins_anew_and_the_other_goes_on(env: HumanoidBatchEnv) -> None:
    env.reset(options={"seeds": [4, 5]})
    before = env.observation(0)["state"]
    env.begin_episode(1, 6)
    assert [episode.episode.seed for episode in env.episodes] == [4, 6]
    assert env.observation(1)["instruction"] == env.episodes[1].instruction
    assert np.array_equal(before, env.observation(0)["state"])
