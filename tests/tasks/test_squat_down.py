from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from synthetic_worlds import robot, world

from vla_humanoid.schema import SIDES, Pose, RobotState
from vla_humanoid.tasks.core.locomotion import WALKED_AWAY
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Verdict
from vla_humanoid.tasks.language.squatting import RISE, STAY
from vla_humanoid.tasks.squat_down import LEVEL, LOW, UP, SquatDown, SquatDownGoal, top_of

TASK = SquatDown()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
SHORT, TALL = SCENE.boxes
STEP = 0.05


def at_height(height: float, x: float = 0.0) -> RobotState:
    who = robot(height)
    loads = {side: np.array([0.0, 0.0, 170.0, 0.0, 0.0, 0.0]) for side in SIDES}
    aside = np.array([x, 0.0, 0.0])
    links = {name: Pose(pose.position + aside, pose.quat_wxyz) for name, pose in who.links.items()}
    return replace(who, foot_wrenches=loads, links=links)


def judge(until: str, *course: tuple[float, float]) -> Verdict:
    """Judge a robot whose pelvis is at one height [m] after another, each for a time [s]."""
    verdicts = TASK.judge(SquatDownGoal(until), SCENE)
    heights = [height for height, seconds in course for _ in range(round(seconds / STEP) + 1)]
    states = [world(i * STEP, {}, at_height(height)) for i, height in enumerate(heights)]
    return [verdicts.update(state) for state in states][-1]


@pytest.mark.parametrize("until", [goal.until for goal in TASK.goals(SCENE)])
def test_nothing_done_is_no_success_and_no_failure(until: str) -> None:
    verdict = judge(until, (0.74, 5.0))
    assert not verdict.success
    assert verdict.failure is None
    assert verdict.progress < 0.1


def test_staying_down_takes_two_seconds() -> None:
    assert not judge(STAY, (0.74, 1.0), (LOW - 0.01, 1.9)).success
    assert judge(STAY, (0.74, 1.0), (LOW - 0.01, 2.0)).success
    assert not judge(STAY, (0.74, 1.0), (LOW + 0.01, 4.0)).success


def test_coming_up_again_is_another_goal_than_staying_down() -> None:
    course = ((0.74, 0.5), (0.5, 0.6), (UP + 0.01, 0.6))
    assert judge(RISE, *course).success
    assert not judge(STAY, *course).success
    assert not judge(RISE, (0.74, 0.5), (0.5, 4.0)).success
    assert not judge(RISE, (0.74, 0.5), (LOW + 0.01, 0.6), (0.74, 0.6)).success


@given(st.floats(-0.1, 0.1))
def test_level_means_level(off: float) -> None:
    assume(abs(abs(off) - LEVEL) > 1e-9)  # Heights are rounded.
    verdict = judge(SHORT.name, (0.74, 0.5), (top_of(SHORT) + off, 1.0))
    assert verdict.success is (abs(off) <= LEVEL)


def test_another_post_is_a_failure_where_one_was_named() -> None:
    course = ((0.74, 0.5), (top_of(TALL), 2.1))
    assert judge(SHORT.name, *course).failure == WRONG_OBJECT
    assert judge(STAY, *course).failure is None
    assert judge(TALL.name, *course).success


def test_posts_are_apart_in_height() -> None:
    for seed in range(30):
        short, tall = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES)).boxes
        assert top_of(short) >= LOW + LEVEL
        assert top_of(short) + 2.0 * LEVEL <= top_of(tall) + 1e-9
        assert top_of(tall) + LEVEL < UP


def test_falling_and_walking_away_are_failures() -> None:
    assert judge(STAY, (0.3, 0.5)).failure == FALLEN
    verdicts = TASK.judge(SquatDownGoal(STAY), SCENE)
    verdicts.update(world(0.0, {}, at_height(0.74)))
    assert verdicts.update(world(STEP, {}, at_height(0.74, x=0.4))).failure == WALKED_AWAY


@pytest.mark.parametrize("until", [STAY, SHORT.name])
def test_progress_grows_on_the_way_down(until: str) -> None:
    heights = np.linspace(0.74, top_of(SHORT), 10).tolist()
    progress = [judge(until, *((h, 0.0) for h in heights[: i + 1])).progress for i in range(10)]
    assert progress == sorted(progress)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_sentences_say_how_low(seed: int) -> None:
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = TASK.sample_scene(random)
    goals = TASK.goals(scene)
    assert len(set(goals)) == 4
    for goal in goals:
        instruction = TASK.instruct(goal, scene, random.stream("instruction"))
        for sentence in (instruction.text, *instruction.paraphrases):
            assert TASK.understand(sentence, scene) == goal
            assert len(sentence) <= 160
        assert len(TASK.subgoals(goal, scene)) == 2
