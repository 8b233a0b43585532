"""The same scene with other words: all that might have been asked for, and how to ask for it."""

import pytest

from vla_humanoid.envs.episode import sample_episode
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.randomization import AXES


@pytest.mark.parametrize("language", ["plain", "relation", "hand"])
def test_counterfactuals_are_other_goals_of_the_same_scene(language: str) -> None:
    task = load_task("PickPlace", (language,))
    episode = sample_episode(task, 5, AXES, None)
    others = task.counterfactuals(episode)
    assert others
    assert others == task.counterfactuals(episode)
    for other in others:
        asked = sample_episode(task, 5, AXES, other.goal_index)
        assert asked.scene == episode.scene
        assert asked.goal == other.goal != episode.goal
        assert task.understand(other.instruction.text, episode.scene) == other.goal


def test_the_same_in_other_words_is_no_counterfactual() -> None:
    task = load_task("PickPlace", ("relation",))
    episode = sample_episode(task, 5, AXES, None)
    plans = {
        task.plan(other.goal, other_scene)
        for other in task.counterfactuals(episode)
        for other_scene in [episode.scene]
    }
    assert task.plan(episode.goal, episode.scene) not in plans
