import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_worlds import AWAY as HANDS_AWAY
from synthetic_worlds import body, robot, world

from vla_humanoid.schema import FloatArray, WorldState
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.hand_over import (
    AT_HAND,
    AWAY,
    HOLD_TIME,
    UP,
    WRONG_HAND,
    HandOver,
    HandOverGoal,
)

TASK = HandOver()
SCENE = TASK.sample_scene(EpisodeRandom(0, frozenset()))
TARGET, OTHER = SCENE.objects
GOAL = HandOverGoal(TARGET.name, "left")
ENDS = {"left": np.array([0.0, 0.1, 0.0]), "right": np.array([0.0, -0.1, 0.0])}


def at(
    time: float, holding: tuple[str, ...], up: float = UP + 0.01, off: float = 0.0
) -> WorldState:
    """The target in the air, some hands at its ends, each so far off."""
    middle: FloatArray = np.add(TARGET.position, (0.0, 0.0, up))
    pinches = {side: middle + ENDS[side] + [off, 0.0, 0.0] for side in holding}
    objects = {TARGET.name: body(middle), OTHER.name: body(np.array(OTHER.position))}
    return world(time, objects, robot(pinches=HANDS_AWAY | pinches))


def judged(*stages: tuple[str, ...], up: float = UP + 0.01, off: float = 0.0) -> Verdict:
    """The verdict after hands have held the target one after another, each for long enough."""
    judge, time = TASK.judge(GOAL, SCENE), 0.0
    verdict = judge.update(at(0.0, (), up=0.0))
    for holding in stages:
        for _ in range(round(HOLD_TIME / 0.05) + 2):
            time += 0.05
            verdict = judge.update(at(time, holding, up, off))
    return verdict


def test_from_hand_to_hand_is_a_success() -> None:
    verdict = judged(("right",), ("right", "left"), ("left",))
    assert verdict.success
    assert verdict.subgoal == 3


def test_both_hands_or_the_giver_alone_are_none() -> None:
    assert judged(("right",)).subgoal == 1
    assert judged(("right",), ("right", "left")).subgoal == 2
    assert not judged(("right",), ("right", "left")).success


def test_the_taker_must_not_take_it_first() -> None:
    verdict = judged(("left",))
    assert verdict.failure == WRONG_HAND
    assert not verdict.success


def test_on_the_table_nothing_is_handed_over() -> None:
    verdict = judged(("right",), ("right", "left"), ("left",), up=UP - 0.01)
    assert not verdict.success
    assert verdict.subgoal == 0


@pytest.mark.parametrize(("off", "success"), [(0.9 * AT_HAND, True), (1.1 * AT_HAND, False)])
def test_a_hand_that_is_too_far_off_holds_nothing(off: float, success: bool) -> None:
    assert judged(("right",), ("left",), off=off).success == success


def test_the_giver_must_be_well_away() -> None:
    middle: FloatArray = np.add(TARGET.position, (0.0, 0.0, UP + 0.01))
    judge = TASK.judge(GOAL, SCENE)
    judge.update(at(0.0, ("right",)))
    near = {"left": middle + ENDS["left"], "right": middle + ENDS["right"] + [0.9 * AWAY, 0, 0]}
    objects = {TARGET.name: body(middle), OTHER.name: body(np.array(OTHER.position))}
    for k in range(1, 30):
        assert not judge.update(world(0.05 * k, objects, robot(pinches=near))).success


def test_the_other_baton_is_the_wrong_one() -> None:
    judge = TASK.judge(GOAL, SCENE)
    lay = {TARGET.name: body(np.array(TARGET.position))}
    raised = body(np.add(OTHER.position, (0.0, 0.0, UP + 0.01)))
    judge.update(world(0.0, lay | {OTHER.name: body(np.array(OTHER.position))}, robot()))
    states = (world(0.05 * k, lay | {OTHER.name: raised}, robot()) for k in range(1, 15))
    assert [judge.update(state) for state in states][-1].failure == WRONG_OBJECT


@given(st.integers(0, 10_000))
def test_sentences_mean_what_they_were_made_for(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    goals = TASK.goals(scene)
    assert len(goals) == 4
    for goal in goals:
        said = TASK.instruct(goal, scene, np.random.default_rng(seed))
        for sentence in (said.text, *said.paraphrases):
            assert TASK.understand(sentence, scene) == goal
