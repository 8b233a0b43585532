"""PickPlace and WalkToTarget on Newton: a robot in each world stands, acts and is recorded.

MuJoCo Warp on a CPU takes a thousand times as long as MuJoCo, so episodes are cut short.
"""

from pathlib import Path

import numpy as np
import pytest
from short_runs import load, record

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.robot_model import GRAVITY
from vla_humanoid.data_collection.attempts import attempt_seed
from vla_humanoid.envs.isaaclab.entry import make_batch_env
from vla_humanoid.schema import SIDES

STEPS = 6


@pytest.mark.parametrize("task", ["PickPlace", "WalkToTarget"])
def test_robots_stand_and_what_they_do_is_recorded(task: str, tmp_path: Path):
    seed = attempt_seed(0, 0)
    env = make_batch_env(task, physics="newton", stock_seeds=(seed,))
    env.reset(seed=seed)
    file = tmp_path / "demos.hdf5"
    record(env, file, attempts=1, steps=STEPS)
    robot = env.episodes[0].world_state().robot
    env.close()
    weight = GRAVITY * sum(link.mass for link in g1().links)
    assert sum(robot.foot_wrenches[side][2] for side in SIDES) == pytest.approx(weight, rel=0.2)
    assert robot.base.pose.position[2] > 0.65
    (episode,) = load(file).values()
    assert np.shape(episode["actions"])[0] == STEPS
