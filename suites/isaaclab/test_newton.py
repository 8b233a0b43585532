"""PickPlace and WalkToTarget on Newton, from beginning to end, and the robot that Newton has.

MuJoCo Warp on a CPU takes a hundred times as long as MuJoCo: an episode takes a minute.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from engines_isaaclab_newton import measure_newton
from short_runs import feet_bear, hold, load, record

from vla_humanoid.data_collection.attempts import attempt_seed
from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
from vla_humanoid.envs.isaaclab.entry import make_batch_env


@pytest.fixture(params=["PickPlace", "WalkToTarget"])
def env(request: pytest.FixtureRequest) -> Iterator[HumanoidBatchEnv]:
    batch = make_batch_env(request.param, physics="newton", stock_seeds=(attempt_seed(0, 0),))
    yield batch
    batch.close()


def test_feet_bear_the_weight_and_the_expert_succeeds(env: HumanoidBatchEnv, tmp_path: Path):
    env.reset(seed=attempt_seed(0, 0))
    loads = hold(env, 20)
    assert feet_bear(loads) == pytest.approx(1.0, abs=0.02)
    file = tmp_path / "demos.hdf5"
    record(env, file, attempts=1, steps=800)
    (episode,) = load(file).values()
    assert set(episode) >= {"actions", "obs", "states", "initial_state", "rewards", "dones"}
    assert np.shape(episode["actions"])[0] > 60
    assert float(episode["rewards"][-1]) == 1.0


def test_the_robot_is_mujocos():
    found = measure_newton(range(5))
    assert found.mass < 1e-3
    assert found.places < 1e-6
    assert found.turns < 2e-6
    assert found.inertia < 1e-3
    # As exact as numbers of single precision are.
    assert max(found.joints.values()) < 2e-7, found.joints
