"""WalkToTarget on PhysX without Kit, where the floor is tilted and slippery."""

from pathlib import Path

import numpy as np
from short_runs import load, record

from vla_humanoid.envs.isaaclab.entry import make_batch_env


def test_the_expert_arrives_and_isaac_lab_loads_its_file(tmp_path: Path):
    env = make_batch_env("WalkToTarget", num_envs=2)
    env.reset(seed=0)
    slopes = [episode.episode.scene.floor_slope for episode in env.episodes]
    assert np.abs(slopes).max() > 0.0
    file = tmp_path / "demos.hdf5"
    record(env, file, attempts=2, steps=800)
    env.close()
    episodes = load(file)
    successes = [float(data["rewards"][-1]) for data in episodes.values()]
    assert successes == [1.0, 1.0]
