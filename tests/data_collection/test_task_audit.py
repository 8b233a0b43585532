"""Every task's rule of success, held against an idle robot, an expert and what was recorded."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.recorded_worlds import recorded_worlds
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.envs.episode import sample_episode
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import POLICY_RATE, WorldState
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.randomization import AXES
from vla_humanoid.tasks.core.task import Judge, Verdict

FIRST_SEED = 20
"""From here on the first seed with which the expert succeeds is looked at."""
IDLE_STEPS = 60
"""Nothing moves any more by then, so the rest of the time is judged by what is left."""
WITHOUT_EFFORT = {"StandStill"}
"""Tasks in which the robot is right to do nothing."""


def judged(judge: Judge, states: Sequence[WorldState]) -> Verdict:
    """The first verdict that ends an episode, or the last."""
    verdicts = [judge.update(state) for state in states]
    return next((one for one in verdicts if one.success or one.failure), verdicts[-1])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(task_names()) - WITHOUT_EFFORT))
def test_a_robot_that_does_nothing_does_not_succeed(name: str) -> None:
    env = HumanoidEnv(name, cameras=(), randomization="none")
    env.reset(seed=0)
    still = np.full(env.action_spec.dim, np.nan, np.float32)  # Keeps every target as it is.
    for _ in range(IDLE_STEPS):
        _, _, _, _, info = env.step(still)
        assert not info["success"]
    episode, end = env.episode, env.world_state()
    env.close()
    judge = env.task.judge(episode.goal, episode.scene)
    times = np.arange(end.time, env.task.time_limit, 1.0 / POLICY_RATE)
    assert not any(judge.update(replace(end, time=float(time))).success for time in times)


@pytest.mark.slow
@pytest.mark.parametrize("name", task_names())
def test_success_is_what_the_sentence_asks_for_and_nothing_else(name: str, tmp_path: Path) -> None:
    """An episode that the simulation found successful, judged again from what was recorded."""
    path = tmp_path / "demos.hdf5"
    config = GenerationConfig(name, episodes=1, seed=FIRST_SEED, cameras=(), image_size=32)
    generate(config, path, workers=1)
    task = load_task(name)
    with open_dataset(path) as dataset:
        (demo,) = dataset.demos()
        episode = sample_episode(task, demo.seed, AXES, demo.goal_index)
        states = list(recorded_worlds(demo))
    assert judged(task.judge(episode.goal, episode.scene), states).success
    others = [goal for goal in task.goals(episode.scene) if goal != episode.goal]
    assert others or name in WITHOUT_EFFORT, "with one goal the words do not matter"
    for other in others:
        assert not judged(task.judge(other, episode.scene), states).success
