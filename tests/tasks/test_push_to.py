import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body, robot
from table_episodes import at_start, check_sentences, held_for, moved

from vla_humanoid.assets.scene import GraspableObject, TableMark
from vla_humanoid.schema import RigidBodyState
from vla_humanoid.tasks.core.pushing import SHORTEST
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import WRONG_OBJECT
from vla_humanoid.tasks.push_to import LIFTED, WAS_LIFTED, WRONG_MARK, PushTo

TASK = PushTo()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
GOAL = TASK.goals(SCENE)[0]
THING = next(thing for thing in SCENE.objects if thing.name == GOAL.object)
OTHER = next(thing for thing in SCENE.objects if thing.name != GOAL.object)
MARK = next(mark for mark in SCENE.marks if mark.name == GOAL.mark)
ELSEWHERE = next(mark for mark in SCENE.marks if mark.name != GOAL.mark)


def on(thing: GraspableObject, mark: TableMark, off: float = 0.0) -> RigidBodyState:
    x, y = mark.position
    return body(np.array([x + off, y, thing.position[2]]), np.array(thing.quat_wxyz))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_sentences_and_goals(seed: int) -> None:
    check_sentences(TASK, seed)


def test_there_is_a_way_to_go() -> None:
    for seed in range(20):
        scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
        places = {thing.name: np.array(thing.position[:2]) for thing in scene.objects}
        spots = {mark.name: np.array(mark.position) for mark in scene.marks}
        for goal in TASK.goals(scene):
            assert np.linalg.norm(places[goal.object] - spots[goal.mark]) > SHORTEST


@given(st.floats(-0.049, 0.049))
def test_an_object_over_the_spot_is_a_success(off: float) -> None:
    verdict = held_for(
        TASK.judge(GOAL, SCENE), {**at_start(SCENE), THING.name: on(THING, MARK, off)}, 0.5
    )
    assert verdict.success
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE))


@pytest.mark.parametrize("off", [0.055, -0.08])
def test_beside_the_spot_is_none(off: float) -> None:
    objects = {**at_start(SCENE), THING.name: on(THING, MARK, off)}
    assert not held_for(TASK.judge(GOAL, SCENE), objects, 1.0).success


def test_what_is_held_there_is_no_success_yet() -> None:
    there = on(THING, MARK)
    who = robot(pinches={"right": there.pose.position})
    verdict = held_for(TASK.judge(GOAL, SCENE), {**at_start(SCENE), THING.name: there}, 1.0, who)
    assert not verdict.success
    assert verdict.subgoal == 2


def test_what_is_lifted_is_not_pushed() -> None:
    for height, failure in ((0.5 * LIFTED, None), (1.1 * LIFTED, WAS_LIFTED)):
        judge = TASK.judge(GOAL, SCENE)
        held_for(judge, at_start(SCENE), 0.1)
        lifted = {**at_start(SCENE), THING.name: moved(at_start(SCENE)[THING.name], z=height)}
        assert held_for(judge, lifted, 0.05, start=0.2).failure == failure


@pytest.mark.parametrize(
    ("thing", "mark", "failure"),
    [
        (THING, ELSEWHERE, WRONG_MARK),
        (OTHER, MARK, WRONG_OBJECT),
        (OTHER, ELSEWHERE, WRONG_OBJECT),
    ],
)
def test_other_pushes_are_mistakes_unless_done_before(
    thing: GraspableObject, mark: TableMark, failure: str
) -> None:
    wrong = {**at_start(SCENE), thing.name: on(thing, mark)}
    judge = TASK.judge(GOAL, SCENE)
    held_for(judge, at_start(SCENE), 0.1)
    assert held_for(judge, wrong, 0.6, start=0.2).failure == failure
    assert held_for(TASK.judge(GOAL, SCENE), wrong, 2.0).failure is None
