"""What holds for every task of walking and standing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_stances import STEP, standing

from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.plan import FollowLine, Stand, TurnTo, WalkTo
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.task import FALLEN

START = Stance(0.0, 0.0, 0.0)
SKILLS = {
    "WalkToTarget": WalkTo,
    "FollowPath": FollowLine,
    "TurnToFace": TurnTo,
    "StandStill": Stand,
}
every_task = pytest.mark.parametrize("name", SKILLS)


@every_task
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_a_scene_has_several_goals_with_sentences_of_their_own(name: str, seed: int):
    task, random = load_task(name), EpisodeRandom(seed, DEFAULT_AXES)
    scene = task.sample_scene(random)
    goals = task.goals(scene)
    assert len(set(goals)) == len(goals) >= (1 if name == "StandStill" else 2)
    sentences = set[str]()
    for goal in goals:
        instruction = task.instruct(goal, scene, random.stream("instruction"))
        said = {instruction.text, *instruction.paraphrases}
        assert not said & sentences
        sentences |= said
        assert isinstance(task.plan(goal, scene)[-1], SKILLS[name])
        assert all(task.subgoals(goal, scene))


@every_task
def test_a_scene_is_a_function_of_its_seed_and_varies_with_it(name: str):
    task = load_task(name)
    first, again, other = (
        task.sample_scene(EpisodeRandom(seed, DEFAULT_AXES)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert first.floor_friction != other.floor_friction
    assert first.floor_slope != other.floor_slope


@every_task
def test_without_randomization_the_floor_is_nominal(name: str):
    scene = load_task(name).sample_scene(EpisodeRandom(1, frozenset()))
    assert scene.floor_slope == (0.0, 0.0)
    assert scene.floor_friction == 0.9
    assert scene.table is None


@every_task
def test_standing_at_the_start_is_no_success_and_no_failure(name: str):
    task = load_task(name)
    scene = task.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
    for goal in task.goals(scene):
        judge = task.judge(goal, scene)
        for i in range(100):
            verdict = judge.update(standing(START, i * STEP))
            assert not verdict.success
            assert verdict.failure is None
            assert verdict.subgoal < len(task.subgoals(goal, scene))


@every_task
def test_a_fall_is_a_failure_for_good(name: str):
    task = load_task(name)
    scene = task.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
    judge = task.judge(task.goals(scene)[0], scene)
    fallen = judge.update(standing(START, pelvis_height=0.2))
    assert fallen.failure == FALLEN
    assert not fallen.wrong_object
    assert judge.update(standing(START, 1.0)) == fallen


@every_task
def test_appearance_alone_leaves_places_as_they_are(name: str):
    task = load_task(name)
    plain, colored = (
        task.sample_scene(EpisodeRandom(5, frozenset(axes))) for axes in ((), ("colors",))
    )
    for a, b in zip(plain.landmarks, colored.landmarks, strict=True):
        assert a.position == b.position
        assert a.rgb != b.rgb
        assert np.allclose(a.rgb, b.rgb, atol=0.2)
    for a, b in zip(plain.paths, colored.paths, strict=True):
        assert a.points == b.points
        assert a.rgb != b.rgb
