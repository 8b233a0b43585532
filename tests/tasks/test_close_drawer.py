import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_fixtures import STEP, judge_steps

from vla_humanoid.tasks.close_drawer import CloseDrawer, CloseDrawerGoal
from vla_humanoid.tasks.core.drawers import HOLD_TIME, OPEN, SHUT, WRONG_MOVE, travel
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import MoveHandle
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.language.drawers import CLOSING

TASK = CloseDrawer()
SCENE = TASK.sample_scene(EpisodeRandom(2, DEFAULT_AXES))
GOAL, OTHER = TASK.goals(SCENE)
TRAVEL = travel(named(SCENE.fixtures, GOAL.drawer))
LONG_ENOUGH = round(HOLD_TIME / STEP) + 1


def judge_with(*steps: dict[str, float], repeat: int = LONG_ENOUGH) -> Verdict:
    return judge_steps(TASK.judge(GOAL, SCENE), SCENE, *steps, repeat=repeat)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_two_drawers_are_open_and_every_sentence_means_one(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    is_open = [drawer.opening >= OPEN * travel(drawer) for drawer in scene.fixtures]
    assert sum(is_open) == 2
    assert all(drawer.opening <= travel(drawer) for drawer in scene.fixtures)
    for goal in TASK.goals(scene):
        for sentence in CLOSING.grammar(scene).sentences({"drawer": goal.drawer}):
            assert TASK.understand(sentence, scene) == goal


def three_drawers() -> tuple[EpisodeRandom, str]:
    """An episode with a drawer that is shut, and its colour."""
    for seed in range(20):
        random = EpisodeRandom(seed, DEFAULT_AXES)
        for drawer in TASK.sample_scene(random).fixtures:
            if drawer.opening == 0.0:
                return random, drawer.color
    raise AssertionError("No scene has three drawers.")


def test_a_drawer_that_is_shut_cannot_be_asked_for() -> None:
    random, color = three_drawers()
    scene = TASK.sample_scene(random)
    assert CloseDrawerGoal(f"{color}_drawer") not in TASK.goals(scene)
    with pytest.raises(ValueError, match="CloseDrawer is not possible with drawer"):
        TASK.understand(f"close the {color} drawer", scene)


def test_a_shut_drawer_is_a_success_once_it_stays_shut() -> None:
    assert judge_with({GOAL.drawer: 0.0}).success
    assert not judge_with({GOAL.drawer: 0.0}, repeat=LONG_ENOUGH - 1).success


@pytest.mark.parametrize("share", [SHUT + 0.02, 0.3, 0.7])
def test_a_drawer_that_is_still_ajar_is_no_success(share: float) -> None:
    verdict = judge_with({GOAL.drawer: share * TRAVEL})
    assert not verdict.success
    assert verdict.failure is None
    assert 0.0 < verdict.progress < 1.0


def test_doing_nothing_is_no_success() -> None:
    assert judge_with({}) == judge_with({}, repeat=1)
    assert not judge_with({}).success


def test_moving_another_drawer_is_wrong() -> None:
    at = named(SCENE.fixtures, OTHER.drawer).opening
    verdict = judge_with({OTHER.drawer: at - WRONG_MOVE - 0.005}, repeat=1)
    assert verdict.failure == WRONG_OBJECT
    assert judge_with({OTHER.drawer: at - WRONG_MOVE + 0.005}).failure is None


def test_the_plan_asks_for_what_the_judge_wants() -> None:
    (skill,) = TASK.plan(GOAL, SCENE)
    assert isinstance(skill, MoveHandle)
    assert judge_with({GOAL.drawer: skill.high - 0.001}).success
