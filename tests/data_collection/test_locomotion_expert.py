import math
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from vla_humanoid.assets.scene import Landmark, Scene
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import SIDES
from vla_humanoid.tasks.core.plan import Skill, Stand, TurnTo, WalkTo
from vla_humanoid.tasks.core.stance import Stance, stance_of, wrapped
from vla_humanoid.tasks.core.standing_place import edge_distance

TASKS = ("WalkToTarget", "FollowPath", "TurnToFace", "StandStill")
AHEAD = Landmark("red_cone", "cone", "red", (1.0, 0.0, 0.0), (1.5, 0.0))


@pytest.fixture(scope="module")
def env() -> Iterator[HumanoidEnv]:
    env = HumanoidEnv("WalkToTarget", cameras=(), randomization="none")
    yield env
    env.close()


def solve(env: HumanoidEnv, seed: int) -> tuple[list[Stance], NDArray[np.float32]]:
    """Let the expert act until the episode is over; return where it stood and what it did."""
    env.reset(seed=seed)
    expert = Expert(env)
    expert.reset()
    stances, actions = [stance_of(env.world_state().robot)], []
    while True:
        action = expert.act()
        assert expert.gave_up is None
        _, _, terminated, truncated, info = env.step(action)
        stances.append(stance_of(env.world_state().robot))
        actions.append(action)
        if terminated or truncated:
            assert info["failure"] is None
            assert info["success"]
            return stances, np.array(actions)


def carry_out(env: HumanoidEnv, monkeypatch: pytest.MonkeyPatch, *plan: Skill) -> list[Stance]:
    """Let the expert carry out a plan of ours in an empty room, but for a cone ahead."""
    monkeypatch.setattr(env.task, "sample_scene", lambda random: Scene(landmarks=(AHEAD,)))
    monkeypatch.setattr(env.task, "plan", lambda goal, scene: plan)
    env.reset(seed=0)
    expert = Expert(env)
    expert.reset()
    stances = []
    for _ in range(400):
        env.step(expert.act())
        if expert.gave_up is not None:
            break
        stances.append(stance_of(env.world_state().robot))
    return stances


@pytest.mark.parametrize("name", TASKS)
def test_it_solves_episodes_of_every_task(name: str) -> None:
    env = HumanoidEnv(name, cameras=())
    stances, actions = solve(env, 1)
    skill, end = env.task.plan(env.episode.goal, env.episode.scene)[-1], stances[-1]
    env.close()
    assert np.abs(actions).max() <= 1.0
    if isinstance(skill, WalkTo):
        assert end.distance(skill.x, skill.y) < 0.08
        assert abs(wrapped(end.yaw - skill.yaw)) < math.radians(7.0)
    if isinstance(skill, TurnTo):
        assert abs(wrapped(end.yaw - skill.yaw)) < math.radians(7.0)


@pytest.mark.slow
def test_it_walks_in_the_other_mode_that_commands_steps() -> None:
    env = HumanoidEnv("WalkToTarget", cameras=(), control_mode="arm_joints")
    stances, actions = solve(env, 0)
    env.close()
    assert actions.shape[1] == env.action_spec.dim
    assert stances[-1].distance(stances[0].x, stances[0].y) > 0.3


def test_the_hands_keep_out_of_the_way(env: HumanoidEnv) -> None:
    _, actions = solve(env, 2)
    names = [field.name for field in env.action_spec.fields]
    for side in SIDES:
        wrist = actions[:, [names.index(f"{side}_wrist_{axis}") for axis in "xyz"]]
        assert (wrist == wrist[0]).all()


def test_it_walks_around_what_stands_in_the_way(
    env: HumanoidEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    stances = carry_out(env, monkeypatch, WalkTo(2.5, 0.0, 0.0))
    assert stances[-1].distance(2.5, 0.0) < 0.1
    assert abs(stances[-1].yaw) < 0.15
    assert min(edge_distance(stance, AHEAD) for stance in stances) > 0.25


def test_it_carries_out_one_skill_after_another(
    env: HumanoidEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    stances = carry_out(env, monkeypatch, TurnTo(1.0), WalkTo(0.3, 0.5, 0.0))
    assert max(stance.yaw for stance in stances) == pytest.approx(1.0, abs=0.1)
    assert stances[-1].distance(0.3, 0.5) < 0.1
    assert abs(stances[-1].yaw) < 0.15


def test_it_goes_back_to_where_it_stood_if_something_moved_it(
    env: HumanoidEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(env.task, "plan", lambda goal, scene: (Stand(12.0),))
    env.reset(seed=0)
    start = stance_of(env.world_state().robot)
    expert, aside, stance = Expert(env), 0.0, start
    expert.reset()
    ahead = [field.name for field in env.action_spec.fields].index("base_velocity_x")
    for step in range(200):
        action = expert.act()
        if step < 40:
            action[ahead] = 0.6  # Against its will.
        env.step(action)
        stance = stance_of(env.world_state().robot)
        aside = max(aside, start.distance(stance.x, stance.y))
    assert aside > 0.3
    assert expert.gave_up is None
    assert start.distance(stance.x, stance.y) < 0.08


def test_it_gives_up_a_place_that_is_taken_and_says_why(
    env: HumanoidEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(env.task, "sample_scene", lambda random: Scene(landmarks=(AHEAD,)))
    monkeypatch.setattr(env.task, "plan", lambda goal, scene: (WalkTo(*AHEAD.position, 0.0),))
    env.reset(seed=0)
    expert = Expert(env)
    expert.reset()
    while expert.gave_up is None:
        env.step(expert.act())
    assert expert.gave_up == "no way there"


@pytest.mark.parametrize("name", TASKS)
def test_a_mode_without_steps_is_refused_with_those_that_have_them(name: str) -> None:
    env = HumanoidEnv(name, cameras=(), control_mode="right_arm")
    with pytest.raises(ValueError, match=rf"'right_arm', which {name}.*end_effector or arm_joints"):
        Expert(env)
    env.close()
