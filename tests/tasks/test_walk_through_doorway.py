from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import robot, world

from vla_humanoid.schema import SIDES, FloatArray, Pose, RobotState, WorldState
from vla_humanoid.tasks.core.doorways import doorways
from vla_humanoid.tasks.core.plan import WalkTo
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Verdict
from vla_humanoid.tasks.walk_through_doorway import (
    AROUND_WALL,
    THROUGH,
    WalkThroughDoorway,
    WalkThroughDoorwayGoal,
)

TASK = WalkThroughDoorway()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
TARGET, OTHER, *_ = doorways(SCENE)
GOAL = WalkThroughDoorwayGoal(TARGET.name)
STEP = 0.05
BEYOND = TARGET.x + THROUGH + 0.1


def standing_at(x: float, y: float, pelvis_height: float = 0.74) -> RobotState:
    who = robot(pelvis_height)
    place: FloatArray = np.array([x, y, 0.0])
    links = {name: Pose(pose.position + place, pose.quat_wxyz) for name, pose in who.links.items()}
    loads = {side: np.array([0.0, 0.0, 170.0, 0.0, 0.0, 0.0]) for side in SIDES}
    base = replace(who.base, pose=Pose(who.base.pose.position + place, who.base.pose.quat_wxyz))
    return replace(who, links=links, foot_wrenches=loads, base=base)


def walked(*corners: tuple[float, float], waits: int = 20) -> Verdict:
    """Judge a robot that is at one place after another, and stays at the last."""
    judge = TASK.judge(GOAL, SCENE)
    states: list[WorldState] = [
        world(i * STEP, {}, standing_at(*corner))
        for i, corner in enumerate([*corners, *[corners[-1]] * waits])
    ]
    return [judge.update(state) for state in states][-1]


def test_nothing_done_is_no_success_and_no_failure() -> None:
    verdict = walked((0.0, 0.0))
    assert not verdict.success
    assert verdict.failure is None


def test_standing_behind_the_doorway_after_walking_through_it_is_success() -> None:
    verdict = walked((0.0, 0.0), (BEYOND, 2.0 * TARGET.y))
    assert verdict.success
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE))
    assert verdict.progress == 1.0
    assert walked((BEYOND, TARGET.y), (0.0, TARGET.y)).success


def test_it_takes_half_a_second_of_standing() -> None:
    assert not walked((0.0, TARGET.y), (BEYOND, TARGET.y), waits=9).success
    assert walked((0.0, TARGET.y), (BEYOND, TARGET.y), waits=10).success


def test_within_the_doorway_is_not_through_it() -> None:
    verdict = walked((0.0, TARGET.y), (TARGET.x + THROUGH - 0.02, TARGET.y))
    assert not verdict.success
    assert verdict.failure is None
    assert 0.5 < verdict.progress < 1.0


def test_who_begins_behind_the_wall_has_walked_through_nothing() -> None:
    assert not walked((BEYOND, TARGET.y)).success


def test_through_and_back_again_is_no_success_on_the_first_side() -> None:
    there_and_back = ((0.0, TARGET.y), (TARGET.x + 0.1, TARGET.y), (TARGET.x - 0.2, TARGET.y))
    assert not walked(*there_and_back).success


def test_another_doorway_is_a_failure() -> None:
    verdict = walked((0.0, OTHER.y), (BEYOND, OTHER.y))
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_around_the_wall_is_a_failure(side: float) -> None:
    assert walked((0.0, side * 9.0), (BEYOND, side * 9.0)).failure == AROUND_WALL
    post = TARGET.y + side * (0.5 * TARGET.width + 0.05)
    assert walked((0.0, post), (BEYOND, post)).failure == AROUND_WALL


def test_a_fall_is_a_failure() -> None:
    judge = TASK.judge(GOAL, SCENE)
    judge.update(world(0.0, {}, standing_at(0.0, TARGET.y)))
    fallen = judge.update(world(STEP, {}, standing_at(BEYOND, TARGET.y, pelvis_height=0.3)))
    assert fallen.failure == FALLEN


def test_progress_grows_on_the_way() -> None:
    way = [(x, TARGET.y) for x in np.linspace(0.0, BEYOND, 30).tolist()]
    progress = [walked(*way[: i + 1], waits=0).progress for i in range(len(way))]
    assert progress == sorted(progress)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_sentences_say_which_doorway(seed: int) -> None:
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = TASK.sample_scene(random)
    goals = TASK.goals(scene)
    assert 2 <= len(set(goals)) == len(goals) <= 3
    for goal in goals:
        instruction = TASK.instruct(goal, scene, random.stream("instruction"))
        for sentence in (instruction.text, *instruction.paraphrases):
            assert TASK.understand(sentence, scene) == goal


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_the_plan_leads_through_the_doorway(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for goal, doorway in zip(TASK.goals(scene), doorways(scene), strict=True):
        first, second = TASK.plan(goal, scene)
        assert isinstance(first, WalkTo)
        assert isinstance(second, WalkTo)
        assert first.x < doorway.x < second.x - THROUGH
        assert first.y == second.y == doorway.y
        assert doorway.width >= 0.9


def test_a_doorway_of_another_scene_is_refused() -> None:
    with pytest.raises(ValueError, match="No 'plaid_doorway' in this scene; it has "):
        TASK.judge(WalkThroughDoorwayGoal("plaid_doorway"), SCENE)


def test_without_distractors_there_are_two_doorways() -> None:
    assert len(doorways(TASK.sample_scene(EpisodeRandom(0, frozenset())))) == 2
