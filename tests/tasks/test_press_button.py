from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_fixtures import STEP, fixture_world, judge_steps

from vla_humanoid.tasks.core.handles import handle_at
from vla_humanoid.tasks.core.plan import Press
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.reach import reaching_sides
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.language.buttons import PRESSING
from vla_humanoid.tasks.press_button import PressButton, pressed

HAND_WIDTH = 0.08

TASK = PressButton()
SCENE = TASK.sample_scene(EpisodeRandom(1, DEFAULT_AXES))
GOAL, OTHER = TASK.goals(SCENE)[:2]
WANTED, WRONG = pressed(GOAL.button, SCENE), pressed(OTHER.button, SCENE)


def judge_with(*steps: dict[str, float]) -> Verdict:
    return judge_steps(TASK.judge(GOAL, SCENE), SCENE, *steps)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_every_button_is_a_goal_and_every_sentence_means_one(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    goals = TASK.goals(scene)
    assert 3 <= len(goals) == len(scene.fixtures) <= 5
    for goal in goals:
        for sentence in PRESSING.grammar(scene).sentences({"button": goal.button}):
            assert TASK.understand(sentence, scene) == goal


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_hands_reach_every_button_and_have_room_between_two(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    tops = [handle_at(button, 0.0)[0] for button in scene.fixtures]
    assert all(reaching_sides(top) for top in tops)
    for one, other in combinations(tops, 2):
        assert np.linalg.norm(np.subtract(one, other)) > HAND_WIDTH


def test_once_pressed_in_is_enough() -> None:
    assert judge_with({GOAL.button: WANTED.low + 0.0005}).success


@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_a_button_that_is_hardly_pressed_is_no_success(share: float) -> None:
    verdict = judge_with({GOAL.button: share * WANTED.low})
    assert not verdict.success
    assert verdict.failure is None
    assert verdict.subgoal == int(share > 0.2)


def test_pressing_another_button_is_wrong_even_with_the_right_one() -> None:
    verdict = judge_with({OTHER.button: WRONG.low, GOAL.button: WANTED.low + 0.0005})
    assert verdict.failure == WRONG_OBJECT
    assert not verdict.success
    assert judge_with({OTHER.button: 0.9 * WANTED.wrong_move}).failure is None


def test_a_button_held_down_since_before_may_come_up_but_not_be_pressed_again() -> None:
    judge = TASK.judge(GOAL, SCENE)
    depths = (WRONG.low, WRONG.low, 0.0, 0.0, WRONG.low)
    found = [
        judge.update(fixture_world(SCENE, step * STEP, {OTHER.button: depth})).failure
        for step, depth in enumerate(depths)
    ]
    assert found == [None, None, None, None, WRONG_OBJECT]


def test_the_plan_asks_for_what_the_judge_wants() -> None:
    (skill,) = TASK.plan(GOAL, SCENE)
    assert skill == Press(GOAL.button, WANTED.low)
