"""The expert's skills at a table, in physics."""

import pytest

from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import Outcome, rollout
from vla_humanoid.envs.humanoid_env import HumanoidEnv


def attempt(task: str, seed: int, goal_index: int | None = None) -> Outcome:
    """Run one episode of the expert."""
    env = make_env(f"VLAHumanoid-{task}-v0", {"cameras": ()})
    bare = env.unwrapped
    assert isinstance(bare, HumanoidEnv)
    outcome = rollout(env, Expert(bare), seed, goal_index=goal_index)
    env.close()
    return outcome


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "seed"),
    [("Stack", 8), ("Sort", 4), ("PushTo", 4), ("PlaceUpright", 1), ("PointAt", 0)],
)
def test_the_expert_does_what_is_said(task: str, seed: int) -> None:
    outcome = attempt(task, seed)
    assert outcome.success, outcome.failure


def test_the_expert_points_at_whatever_it_is_told_in_the_same_scene() -> None:
    for goal_index in range(2):
        assert attempt("PointAt", 3, goal_index).success
