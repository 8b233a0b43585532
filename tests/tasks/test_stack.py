from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body, robot, tipped
from table_episodes import at_start, check_sentences, held_for, moved

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene
from vla_humanoid.schema import RigidBodyState
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.stacking import FLAT_BOTTOMED, TOPS
from vla_humanoid.tasks.core.task import WRONG_OBJECT
from vla_humanoid.tasks.stack import WRONG_BASE, Stack, StackGoal

TASK = Stack()


def scene_of_three() -> Scene:
    for seed in range(200):
        scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
        if len(scene.objects) >= 3 and all(it.shape in TOPS for it in scene.objects[:3]):
            return scene
    raise AssertionError("No seed gave three objects that can bear something.")


SCENE = scene_of_three()
THING, BASE, OTHER = SCENE.objects[:3]
GOAL = StackGoal(THING.name, BASE.name)


def stacked(thing: GraspableObject, base: GraspableObject, x: float = 0.0) -> RigidBodyState:
    heights = [it.scale * OBJECTS[it.shape].half_height for it in (thing, base)]
    return body(np.array(base.position) + np.array([x, 0.0, sum(heights)]))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_sentences_and_goals(seed: int) -> None:
    check_sentences(TASK, seed)


def test_only_what_is_flat_is_stacked_on_what_is_flat() -> None:
    for seed in range(30):
        scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
        shapes = {thing.name: thing.shape for thing in scene.objects}
        for goal in TASK.goals(scene):
            assert shapes[goal.base] in TOPS
            assert shapes[goal.object] in FLAT_BOTTOMED


def test_an_object_that_rests_on_the_base_is_a_success() -> None:
    objects = {**at_start(SCENE), THING.name: stacked(THING, BASE)}
    assert not held_for(TASK.judge(GOAL, SCENE), objects, 0.4).success
    verdict = held_for(TASK.judge(GOAL, SCENE), objects, 0.5)
    assert verdict.success
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE))
    assert verdict.progress == 1.0


@pytest.mark.parametrize(
    "where",
    [
        moved(stacked(THING, BASE), z=0.02),
        stacked(THING, BASE, x=0.06),
        moved(at_start(SCENE)[BASE.name], x=0.055),
    ],
    ids=["above it", "over its edge", "beside it"],
)
def test_near_misses_are_none(where: RigidBodyState) -> None:
    objects = {**at_start(SCENE), THING.name: where}
    assert not held_for(TASK.judge(GOAL, SCENE), objects, 1.0).success


def test_what_is_held_there_is_no_success_yet() -> None:
    there = stacked(THING, BASE)
    verdict = held_for(
        TASK.judge(GOAL, SCENE),
        {**at_start(SCENE), THING.name: there},
        1.0,
        robot(pinches={"left": there.pose.position}),
    )
    assert not verdict.success
    assert verdict.subgoal == 2


def test_a_base_that_lies_on_its_side_is_no_success() -> None:
    lying = replace(at_start(SCENE)[BASE.name])
    lying = body(lying.pose.position, tipped(1.2))
    objects = {**at_start(SCENE), BASE.name: lying, THING.name: stacked(THING, BASE)}
    assert not held_for(TASK.judge(GOAL, SCENE), objects, 1.0).success


@pytest.mark.parametrize(
    ("thing", "base", "failure"),
    [(THING, OTHER, WRONG_BASE), (OTHER, BASE, WRONG_OBJECT), (BASE, THING, WRONG_OBJECT)],
)
def test_other_stacks_are_mistakes_unless_they_were_there(
    thing: GraspableObject, base: GraspableObject, failure: str
) -> None:
    wrong = {**at_start(SCENE), thing.name: stacked(thing, base)}
    judge = TASK.judge(GOAL, SCENE)
    held_for(judge, at_start(SCENE), 0.1)
    assert held_for(judge, wrong, 0.6, start=0.2).failure == failure
    assert held_for(TASK.judge(GOAL, SCENE), wrong, 2.0).failure is None


def test_what_is_needed_and_falls_is_lost() -> None:
    judge = TASK.judge(GOAL, SCENE)
    held_for(judge, at_start(SCENE), 0.1)
    fallen = {**at_start(SCENE), BASE.name: body(np.array([0.2, 0.6, 0.03]))}
    assert held_for(judge, fallen, 0.1, start=0.2).failure == DROPPED
