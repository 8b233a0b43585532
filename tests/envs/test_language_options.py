"""What an environment is told, which episodes it has, and how it is rewarded."""

import warnings

import numpy as np
import pytest

from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.tasks.core.forms.sequence import SequenceGoal
from vla_humanoid.tasks.pick_place import PickPlaceGoal


def still(env: HumanoidEnv) -> np.ndarray:
    return np.full(env.action_spec.dim, np.nan, np.float32)


def test_the_language_decides_what_is_asked_for() -> None:
    env = HumanoidEnv("PickPlace", cameras=(), language="sequence")
    env.reset(seed=1)
    assert isinstance(env.episode.goal, SequenceGoal)
    assert env.task.understand(env.instruction, env.episode.scene) == env.episode.goal
    assert env.config.language == ("sequence",)
    assert env.task.time_limit == 40.0
    env.close()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"language": "klingon"}, "Unknown language 'klingon'; choose 'all', or some of plain"),
        ({"language": "hand", "task": "WalkToTarget"}, "cannot be told as a hand; it takes plain"),
        ({"split": "test"}, "Unknown split 'test'; choose one of all, train"),
        ({"reward": "huge"}, "Unknown reward 'huge'; choose one of sparse, dense"),
        ({"instruction": " "}, "The instruction is empty"),
        ({"instruction": "caf\u00e9"}, "letters without accents"),
    ],
)
def test_what_is_not_valid_is_refused_with_what_is(options: dict[str, str], complaint: str) -> None:
    options = {"task": "PickPlace", **options}
    with pytest.raises(ValueError, match=complaint):
        make_env(f"VLAHumanoid-{options.pop('task')}-v0", {"cameras": (), **options})


def test_a_sentence_of_the_task_asks_for_its_goal() -> None:
    env = HumanoidEnv("PickPlace", cameras=())
    env.reset(seed=3, options={"goal_index": 1})
    sentence, goal = env.instruction, env.episode.goal
    env.close()
    told = HumanoidEnv("PickPlace", cameras=(), instruction=sentence)
    observation, info = told.reset(seed=3, options={"goal_index": 0})
    assert told.episode.goal == goal
    assert observation["instruction"] == info["instruction"] == sentence
    assert not info["no_success_rule"]
    told.close()


def test_free_text_has_no_rule_and_warns_once() -> None:
    env = HumanoidEnv("PickPlace", cameras=(), instruction="tidy up a little")
    with pytest.warns(UserWarning, match="no rule says when"):
        env.reset(seed=0)
    _, info = env.reset(seed=1)  # A second warning would be an error here.
    assert info["no_success_rule"]
    assert info["instruction"] == "tidy up a little"
    assert info["subgoals"] == ()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        *_, info = env.step(still(env))
    assert not info["success"]
    env.close()


@pytest.mark.slow
def test_dense_rewards_sum_to_the_progress_and_a_bonus() -> None:
    env = HumanoidEnv("PickPlace", cameras=(), randomization="none", reward="dense")
    _, info = env.reset(seed=0)
    expert, begun, total, over = Expert(env), float(str(info["progress"])), 0.0, False
    expert.reset()
    while not over:
        _, reward, terminated, truncated, info = env.step(expert.act())
        total, over = total + reward, terminated or truncated
    assert info["success"]
    assert info["progress"] == 1.0
    assert info["subgoals"] == env.task.subgoals(env.episode.goal, env.episode.scene)
    assert total == pytest.approx(1.0 - begun + 1.0)
    env.close()


def test_the_split_decides_which_episodes_there_are() -> None:
    env = HumanoidEnv("PickPlace", cameras=(), split="unseen_color")
    env.reset(seed=0)
    goal = env.episode.goal
    assert isinstance(goal, PickPlaceGoal)
    assert any(
        name.startswith(color)
        for name in (goal.object, goal.container)
        for color in ("purple", "cyan")
    )
    env.close()
