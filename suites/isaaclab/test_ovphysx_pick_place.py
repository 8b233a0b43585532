"""PickPlace on PhysX without Kit: worlds, episodes, camera, expert, file."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import gymnasium
import numpy as np
import pytest
import torch
from short_runs import feet_bear, hold, load, record

from vla_humanoid.envs.episode import sample_episode
from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
from vla_humanoid.sims.isaaclab.stock import NotInStock
from vla_humanoid.sims.isaaclab.tensors import numbers

WORLDS, SIZE = 2, 32


@pytest.fixture(scope="module")
def env() -> Iterator[HumanoidBatchEnv]:
    made = gymnasium.make(
        "VLAHumanoid-PickPlace-v0",
        engine="isaaclab",
        num_envs=WORLDS,
        cameras=("head",),
        image_size=SIZE,
    )
    batch = cast(HumanoidBatchEnv, made.unwrapped)
    yield batch
    batch.close()


def test_it_is_an_environment_like_isaac_labs_own(env: HumanoidBatchEnv):
    observations, extras = env.reset(seed=0)
    seen = cast(dict[str, torch.Tensor], observations["policy"])
    assert seen["state"].shape == (WORLDS, env.episodes[0].proprioception.size)
    assert seen["images/head"].shape == (WORLDS, SIZE, SIZE, 3)
    assert seen["images/head"].dtype == torch.uint8
    assert seen["images/head"].float().std() > 10.0
    assert len(cast(list[str], extras["instruction"])) == WORLDS
    _, reward, terminated, truncated, extras = env.step(torch.zeros(WORLDS, 18))
    assert reward.shape == terminated.shape == truncated.shape == (WORLDS,)
    assert len(cast(list[object], extras["steps"])) == WORLDS


def test_a_seed_gives_the_episode_that_it_gives_elsewhere(env: HumanoidBatchEnv):
    env.reset(seed=5)
    for world, episode in enumerate(env.episodes):
        expected = sample_episode(env.task, 5 + world, env.config.randomization, None)
        assert episode.episode == expected
        state = episode.world_state()
        for thing in (*expected.scene.objects, *expected.scene.containers):
            pose = state.objects[thing.name].pose
            np.testing.assert_allclose(pose.position, thing.position, atol=2e-6)
            np.testing.assert_allclose(pose.quat_wxyz, thing.quat_wxyz, atol=1e-6)
        posture = expected.dynamics.posture
        np.testing.assert_allclose(state.robot.joint_positions, posture, atol=1e-6)


def test_feet_bear_the_weight(env: HumanoidBatchEnv):
    env.reset(seed=0)
    loads = hold(env, 30)
    assert feet_bear(loads) == pytest.approx([1.0, 1.0], abs=0.02)
    for episode in env.episodes:
        assert episode.controller.balance.support_margin > 0.03


def test_one_world_begins_anew_and_the_others_go_on(env: HumanoidBatchEnv):
    env.reset(seed=0)
    hold(env, 3)
    before = env.episodes[0].world_state()
    env.begin_episode(1, 77)
    assert env.episodes[1].episode.seed == 77
    assert env.episodes[1].world_state().time == 0.0
    assert env.episodes[0].world_state() is before
    assert env.episodes[0].episode.seed == 0


def test_masses_and_friction_are_the_episodes(env: HumanoidBatchEnv):
    env.reset(seed=3)
    collection = env.scene.rigid_object_collections["things"]
    masses = numbers(collection.data.body_mass)
    for world in range(WORLDS):
        for body, thing in env.things(world).items():
            column = list(collection.body_names).index(body)
            assert masses[world, column] == pytest.approx(thing.mass, rel=1e-5)
    friction = env.scene["robot"].data.joint_viscous_friction_coeff.torch
    scales = [episode.episode.dynamics.friction_scale for episode in env.episodes]
    knee = list(env.scene["robot"].joint_names).index("left_knee_joint")
    assert friction[0, knee] / friction[1, knee] == pytest.approx(scales[0] / scales[1], rel=1e-4)


def test_what_cannot_be_had_is_refused_before_anything_changes(env: HumanoidBatchEnv):
    env.reset(seed=0)
    before = env.episodes[0].world_state()
    with pytest.raises(ValueError, match="goal_index must lie in"):
        env.begin_episode(0, 0, 99)
    crowded = next(seed for seed in range(3000) if _needs_too_much(env, seed))
    with pytest.raises(NotInStock, match="copies"):
        env.begin_episode(0, crowded)
    assert env.episodes[0].world_state() is before


def _needs_too_much(env: HumanoidBatchEnv, seed: int) -> bool:
    try:
        env.stock.cast(sample_episode(env.task, seed, env.config.randomization, None).scene)
    except NotInStock:
        return True
    except ValueError:
        return False
    return False


def test_the_expert_succeeds_and_isaac_lab_loads_its_file(env: HumanoidBatchEnv, tmp_path: Path):
    file = tmp_path / "demos.hdf5"
    env.reset(seed=0)
    record(env, file, attempts=WORLDS, steps=400)
    episodes = load(file)
    assert len(episodes) == WORLDS
    for data in episodes.values():
        assert set(data) >= {"actions", "obs", "states", "initial_state", "rewards", "dones"}
        assert float(data["rewards"][-1]) == 1.0
