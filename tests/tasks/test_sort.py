import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body
from table_episodes import at_start, check_sentences, held_for

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject
from vla_humanoid.schema import RigidBodyState
from vla_humanoid.tasks.core.groups import members
from vla_humanoid.tasks.core.plan import Place
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import WRONG_OBJECT
from vla_humanoid.tasks.sort import Sort

TASK = Sort()
SCENE = TASK.sample_scene(EpisodeRandom(3, DEFAULT_AXES))
GOAL = TASK.goals(SCENE)[0]
BOX = SCENE.containers[0]
ONE, TWO = members(SCENE.objects, GOAL.group)
OTHER = next(thing for thing in SCENE.objects if thing not in (ONE, TWO))


def inside(thing: GraspableObject, aside: float) -> RigidBodyState:
    rest = BOX.scale * CONTAINERS[BOX.shape].floor_height
    rest += thing.scale * OBJECTS[thing.shape].half_height
    return body(np.array(BOX.position) + np.array([0.0, aside, rest]))


BOTH = {ONE.name: inside(ONE, 0.03), TWO.name: inside(TWO, -0.03)}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_sentences_and_goals(seed: int) -> None:
    check_sentences(TASK, seed)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_two_go_apart_into_the_container(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for goal in TASK.goals(scene):
        wanted = {thing.name for thing in members(scene.objects, goal.group)}
        places = [skill for skill in TASK.plan(goal, scene) if isinstance(skill, Place)]
        assert {place.object for place in places} == wanted
        spots = np.array([place.offset for place in places])
        assert np.linalg.norm(spots[0] - spots[1]) > 0.05
        box = scene.containers[0]
        assert all(CONTAINERS[box.shape].inner.covers(*spot / box.scale) for spot in spots)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_second_is_not_carried_over_the_first(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for goal in TASK.goals(scene):
        (box,) = scene.containers
        aside = [
            thing.position[1] - box.position[1] for thing in members(scene.objects, goal.group)
        ]
        places = [skill for skill in TASK.plan(goal, scene) if isinstance(skill, Place)]
        (_, first), (_, second) = (place.offset for place in places)
        if max(aside) < 0.0:
            assert first > second
        if min(aside) > 0.0:
            assert first < second


def test_both_in_the_container_are_a_success() -> None:
    verdict = held_for(TASK.judge(GOAL, SCENE), {**at_start(SCENE), **BOTH}, 0.5)
    assert verdict.success
    assert verdict.subgoal == 2


def test_one_alone_is_half_of_it() -> None:
    objects = {**at_start(SCENE), ONE.name: inside(ONE, 0.03)}
    verdict = held_for(TASK.judge(GOAL, SCENE), objects, 1.0)
    assert not verdict.success
    assert verdict.failure is None
    assert verdict.subgoal == 1
    assert verdict.progress >= 0.5


def test_another_thing_in_the_container_is_a_mistake() -> None:
    judge = TASK.judge(GOAL, SCENE)
    held_for(judge, at_start(SCENE), 0.1)
    wrong = {**at_start(SCENE), OTHER.name: inside(OTHER, 0.0)}
    assert held_for(judge, wrong, 0.6, start=0.2).failure == WRONG_OBJECT


def test_what_was_there_at_first_is_no_mistake_but_in_the_way_of_success() -> None:
    objects = {**at_start(SCENE), **BOTH, OTHER.name: inside(OTHER, 0.0)}
    verdict = held_for(TASK.judge(GOAL, SCENE), objects, 2.0)
    assert verdict.failure is None
    assert not verdict.success
