import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_fixtures import STEP, judge_steps

from vla_humanoid.assets.fixtures.knob import TURNS
from vla_humanoid.schema import SIDES
from vla_humanoid.tasks.core.handles import handle_at
from vla_humanoid.tasks.core.joint_judge import WRONG_WAY
from vla_humanoid.tasks.core.plan import MoveHandle
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.reach import reaching_sides
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.language.knobs import TURNING
from vla_humanoid.tasks.turn_knob import HOLD_TIME, TURNED, WRONG_MOVE, TurnKnob, TurnKnobGoal

TASK = TurnKnob()
SCENE = TASK.sample_scene(EpisodeRandom(1, DEFAULT_AXES))
LEFT, RIGHT = TASK.goals(SCENE)[:2]
OTHER = TASK.goals(SCENE)[2].knob
LONG_ENOUGH = round(HOLD_TIME / STEP) + 1


def judge_with(goal: TurnKnobGoal, *steps: dict[str, float], repeat: int = LONG_ENOUGH) -> Verdict:
    return judge_steps(TASK.judge(goal, SCENE), SCENE, *steps, repeat=repeat)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
def test_every_sentence_means_one_knob_and_one_way(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    goals = TASK.goals(scene)
    assert len(goals) == 2 * len(scene.fixtures)
    for goal in goals:
        meaning = {"knob": goal.knob, "direction": goal.direction}
        for sentence in TURNING.grammar(scene).sentences(meaning):
            assert TASK.understand(sentence, scene) == goal


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_both_hands_reach_every_knob(seed: int) -> None:
    for knob in TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES)).fixtures:
        assert reaching_sides(handle_at(knob, 0.0)[0]) == SIDES


@pytest.mark.parametrize(("goal", "sign"), [(LEFT, 1.0), (RIGHT, -1.0)])
def test_left_is_counterclockwise_and_right_is_clockwise(goal: TurnKnobGoal, sign: float) -> None:
    turned = {goal.knob: sign * (TURNED + 0.05)}
    assert judge_with(goal, turned).success
    assert not judge_with(goal, turned, repeat=LONG_ENOUGH - 1).success


@pytest.mark.parametrize("angle", [0.0, 0.5 * TURNED, TURNED - 0.03])
def test_a_knob_that_is_not_turned_to_its_stop_is_no_success(angle: float) -> None:
    verdict = judge_with(LEFT, {LEFT.knob: angle})
    assert not verdict.success
    assert verdict.failure is None
    assert 0.0 <= verdict.progress < 1.0


def test_turning_it_the_other_way_is_wrong() -> None:
    assert judge_with(LEFT, {LEFT.knob: -WRONG_MOVE - 0.02}, repeat=1).failure == WRONG_WAY
    assert judge_with(RIGHT, {RIGHT.knob: TURNS}, repeat=1).failure == WRONG_WAY
    assert judge_with(LEFT, {LEFT.knob: -WRONG_MOVE + 0.02}).failure is None


def test_turning_another_knob_is_wrong_either_way() -> None:
    for angle in (-math.radians(25.0), math.radians(25.0)):
        verdict = judge_with(LEFT, {OTHER: angle}, repeat=1)
        assert verdict.failure == WRONG_OBJECT
        assert verdict.wrong_object


def test_the_plan_asks_for_what_the_judge_wants() -> None:
    for goal in (LEFT, RIGHT):
        (skill,) = TASK.plan(goal, SCENE)
        assert isinstance(skill, MoveHandle)
        assert judge_with(goal, {goal.knob: 0.5 * (skill.low + skill.high)}).success
