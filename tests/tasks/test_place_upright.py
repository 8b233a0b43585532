import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import UPRIGHT, body, robot, tipped
from table_episodes import at_start, check_sentences, held_for, moved

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.schema import FloatArray, RigidBodyState
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.lying import GRASPED_ALONG, lying_quat
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT
from vla_humanoid.tasks.place_upright import PlaceUpright, PlaceUprightGoal

TASK = PlaceUpright()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
THING, OTHER = SCENE.objects[:2]
GOAL = PlaceUprightGoal(THING.name)


def standing(thing: GraspableObject, quat_wxyz: FloatArray = UPRIGHT) -> RigidBodyState:
    height = table_of(SCENE).height + thing.scale * OBJECTS[thing.shape].half_height
    return body(np.array([*thing.position[:2], height]), quat_wxyz)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_sentences_and_goals(seed: int) -> None:
    check_sentences(TASK, seed)


@given(st.floats(-3.1, 3.1))
def test_what_lies_points_where_it_should(azimuth: float) -> None:
    axis = quat_to_matrix(np.array(lying_quat(azimuth)))[:, 2]
    assert axis == pytest.approx([np.cos(azimuth), np.sin(azimuth), 0.0], abs=1e-9)


def test_only_what_lies_can_be_stood_up() -> None:
    for seed in range(20):
        scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
        assert [goal.object for goal in TASK.goals(scene)] == [it.name for it in scene.objects[:2]]
        assert all(it.shape in GRASPED_ALONG for it in scene.objects[:2])


def test_what_stands_is_a_success() -> None:
    objects = {**at_start(SCENE), THING.name: standing(THING)}
    assert not held_for(TASK.judge(GOAL, SCENE), objects, 0.4).success
    verdict = held_for(TASK.judge(GOAL, SCENE), objects, 0.5)
    assert verdict.success
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE))


@pytest.mark.parametrize(
    "where",
    [
        standing(THING, tipped(0.4)),
        standing(THING, tipped(np.pi)),
        moved(standing(THING), z=0.03),
    ],
    ids=["leaning", "upside down", "in the air"],
)
def test_near_misses_are_none(where: RigidBodyState) -> None:
    objects = {**at_start(SCENE), THING.name: where}
    assert not held_for(TASK.judge(GOAL, SCENE), objects, 1.0).success


def test_what_is_held_upright_is_no_success_yet() -> None:
    there = standing(THING)
    who = robot(pinches={"left": there.pose.position})
    objects = {**at_start(SCENE), THING.name: there}
    verdict = held_for(TASK.judge(GOAL, SCENE), objects, 1.0, who)
    assert not verdict.success
    assert verdict.subgoal == 2


def test_standing_the_other_one_up_is_a_mistake() -> None:
    judge = TASK.judge(GOAL, SCENE)
    held_for(judge, at_start(SCENE), 0.1)
    wrong = {**at_start(SCENE), OTHER.name: standing(OTHER)}
    assert held_for(judge, wrong, 0.6, start=0.2).failure == WRONG_OBJECT
    assert held_for(TASK.judge(GOAL, SCENE), wrong, 2.0).failure is None


def test_what_rolls_off_the_table_is_lost() -> None:
    judge = TASK.judge(GOAL, SCENE)
    held_for(judge, at_start(SCENE), 0.1)
    fallen = {**at_start(SCENE), THING.name: body(np.array([0.1, 0.2, 0.03]))}
    assert held_for(judge, fallen, 0.1, start=0.2).failure == DROPPED
