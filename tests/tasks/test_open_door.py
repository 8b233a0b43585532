import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_fixtures import STEP, judge_steps

from vla_humanoid.tasks.core.handles import handle_at
from vla_humanoid.tasks.core.plan import MoveHandle
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.reach import reaching_sides
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.language.doors import OPENING
from vla_humanoid.tasks.open_door import HOLD_TIME, OPEN, WRONG_MOVE, OpenDoor

TASK = OpenDoor()
SCENE = TASK.sample_scene(EpisodeRandom(1, DEFAULT_AXES))
GOAL, OTHER = TASK.goals(SCENE)
LONG_ENOUGH = round(HOLD_TIME / STEP) + 1


def judge_with(*steps: dict[str, float], repeat: int = LONG_ENOUGH) -> Verdict:
    return judge_steps(TASK.judge(GOAL, SCENE), SCENE, *steps, repeat=repeat)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_both_doors_are_goals_and_every_sentence_means_one(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    goals = TASK.goals(scene)
    assert len(goals) == 2
    for goal in goals:
        for sentence in OPENING.grammar(scene).sentences({"door": goal.door}):
            assert TASK.understand(sentence, scene) == goal


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_a_hand_reaches_every_handle_shut_and_open(seed: int) -> None:
    for door in TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES)).fixtures:
        assert reaching_sides(*(handle_at(door, angle)[0] for angle in (0.0, OPEN)))


def test_doors_open_towards_the_robot_and_outwards() -> None:
    left, right = SCENE.fixtures
    for door, outwards in ((left, 1.0), (right, -1.0)):
        (x, y, _), heading = handle_at(door, 0.0)
        (open_x, open_y, _), open_heading = handle_at(door, OPEN)
        assert open_x < x - 0.05
        assert outwards * (open_y - y) > 0.05
        assert open_heading - heading == pytest.approx(-outwards * OPEN)


def test_an_open_door_is_a_success_once_it_stays_open() -> None:
    opened = {GOAL.door: OPEN + 0.05}
    assert judge_with(opened).success
    assert not judge_with(opened, repeat=LONG_ENOUGH - 1).success


@pytest.mark.parametrize("degrees", [0.0, 10.0, 30.0, 48.0])
def test_a_door_that_is_ajar_is_no_success(degrees: float) -> None:
    verdict = judge_with({GOAL.door: math.radians(degrees)})
    assert not verdict.success
    assert verdict.failure is None


def test_opening_the_other_door_is_wrong() -> None:
    assert judge_with({OTHER.door: WRONG_MOVE + 0.02}, repeat=1).failure == WRONG_OBJECT
    assert judge_with({OTHER.door: WRONG_MOVE - 0.02}).failure is None


def test_the_plan_asks_for_what_the_judge_wants() -> None:
    (skill,) = TASK.plan(GOAL, SCENE)
    assert isinstance(skill, MoveHandle)
    assert judge_with({GOAL.door: skill.low + 0.01}).success
