import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_fixtures import STEP, fixture_world, judge_steps
from synthetic_worlds import robot

from vla_humanoid.tasks.core.drawers import HOLD_TIME, OPEN, WRONG_MOVE, travel
from vla_humanoid.tasks.core.handles import handle_at
from vla_humanoid.tasks.core.plan import MoveHandle
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.reach import reaching_sides
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT
from vla_humanoid.tasks.language.drawers import OPENING
from vla_humanoid.tasks.open_drawer import OpenDrawer

TASK = OpenDrawer()
SCENE = TASK.sample_scene(EpisodeRandom(3, DEFAULT_AXES))
GOAL, OTHER = TASK.goals(SCENE)[:2]
TRAVEL = travel(SCENE.fixtures[0])
LONG_ENOUGH = round(HOLD_TIME / STEP) + 1


def judge_with(*steps: dict[str, float], repeat: int = LONG_ENOUGH):
    return judge_steps(TASK.judge(GOAL, SCENE), SCENE, *steps, repeat=repeat)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_every_drawer_is_a_goal_and_every_sentence_means_one(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    goals = TASK.goals(scene)
    assert 2 <= len(goals) == len(scene.fixtures) <= 3
    for goal in goals:
        for sentence in OPENING.grammar(scene).sentences({"drawer": goal.drawer}):
            assert TASK.understand(sentence, scene) == goal


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31))
def test_a_hand_reaches_every_handle_shut_and_open(seed: int) -> None:
    for drawer in TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES)).fixtures:
        points = [handle_at(drawer, position)[0] for position in (0.0, OPEN * travel(drawer))]
        assert reaching_sides(*points)


def test_an_open_drawer_is_a_success_once_it_stays_open() -> None:
    opened = {GOAL.drawer: 0.9 * TRAVEL}
    assert judge_with(opened).success
    assert judge_with(opened).progress == 1.0
    assert not judge_with(opened, repeat=LONG_ENOUGH - 1).success


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, OPEN - 0.02])
def test_a_drawer_that_is_not_open_far_enough_is_no_success(share: float) -> None:
    verdict = judge_with({GOAL.drawer: share * TRAVEL})
    assert not verdict.success
    assert verdict.failure is None


def test_progress_grows_as_the_drawer_comes_out() -> None:
    shares = (0.0, 0.2, 0.4, 0.6)
    found = [judge_with({GOAL.drawer: share * TRAVEL}, repeat=1) for share in shares]
    assert [verdict.subgoal for verdict in found] == [0, 1, 1, 1]
    progress = [verdict.progress for verdict in found]
    assert progress == sorted(progress)
    assert 0.0 <= progress[0] < 0.2 < progress[-1] < 1.0


def test_opening_another_drawer_is_wrong() -> None:
    verdict = judge_with({OTHER.drawer: WRONG_MOVE + 0.005}, repeat=1)
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object
    assert judge_with({OTHER.drawer: WRONG_MOVE - 0.005}).failure is None


def test_what_was_open_when_judging_began_is_nobodys_mistake() -> None:
    judge, opened = TASK.judge(GOAL, SCENE), {OTHER.drawer: 0.9 * TRAVEL}
    judge.update(fixture_world(SCENE, 0.0, opened))
    assert judge.update(fixture_world(SCENE, STEP, opened)).failure is None


def test_a_fallen_robot_has_not_succeeded() -> None:
    judge = TASK.judge(GOAL, SCENE)
    opened = {GOAL.drawer: 0.9 * TRAVEL}
    verdict = judge.update(fixture_world(SCENE, 0.0, opened, robot(0.3)))
    assert verdict.failure == FALLEN
    assert not verdict.success


def test_the_plan_asks_for_what_the_judge_wants() -> None:
    (skill,) = TASK.plan(GOAL, SCENE)
    assert isinstance(skill, MoveHandle)
    assert judge_with({GOAL.drawer: skill.low + 0.001}).success
    assert len(TASK.subgoals(GOAL, SCENE)) == 2
