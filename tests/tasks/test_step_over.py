from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import robot, world

from vla_humanoid.schema import SIDES, FloatArray, Pose, RobotState
from vla_humanoid.tasks.core.bars import bars_of
from vla_humanoid.tasks.core.plan import WalkTo
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Verdict
from vla_humanoid.tasks.step_over import AROUND_BAR, STEPPED_ON, StepOver, StepOverGoal

TASK = StepOver()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
TARGET, OTHER = bars_of(SCENE)
GOAL = StepOverGoal(TARGET.name)
LINE, MIDDLE, _ = TARGET.position
STEP = 0.05
BEHIND = LINE + 0.45


def standing_at(x: float, y: float, pelvis_height: float = 0.74) -> RobotState:
    who = robot(pelvis_height)
    place: FloatArray = np.array([x, y, 0.0])
    links = {name: Pose(pose.position + place, pose.quat_wxyz) for name, pose in who.links.items()}
    loads = {side: np.array([0.0, 0.0, 170.0, 0.0, 0.0, 0.0]) for side in SIDES}
    return replace(who, links=links, foot_wrenches=loads)


def walked(*corners: tuple[float, float], waits: int = 12) -> Verdict:
    """Judge a robot that is at one place after another, and stays at the last."""
    judge = TASK.judge(GOAL, SCENE)
    places = [*corners, *[corners[-1]] * waits]
    states = [world(i * STEP, {}, standing_at(*place)) for i, place in enumerate(places)]
    return [judge.update(state) for state in states][-1]


def test_nothing_done_is_no_success_and_no_failure() -> None:
    verdict = walked((0.0, 0.0))
    assert not verdict.success
    assert verdict.failure is None


def test_standing_behind_the_bar_is_success_in_either_direction() -> None:
    verdict = walked((0.0, MIDDLE), (BEHIND, MIDDLE))
    assert verdict.success
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE)) == 3
    assert walked((BEHIND, MIDDLE), (LINE - 0.45, MIDDLE)).success


def test_it_takes_half_a_second() -> None:
    assert not walked((0.0, MIDDLE), (BEHIND, MIDDLE), waits=9).success
    assert walked((0.0, MIDDLE), (BEHIND, MIDDLE), waits=10).success


def test_who_has_not_crossed_it_has_not_stepped_over_it() -> None:
    assert not walked((BEHIND, MIDDLE)).success


@pytest.mark.parametrize("off", [-0.1, 0.0, 0.04])
def test_a_foot_on_a_bar_is_a_failure(off: float) -> None:
    assert walked((0.0, MIDDLE), (LINE + off, MIDDLE)).failure == STEPPED_ON
    assert walked((0.0, OTHER.position[1]), (LINE + off, OTHER.position[1])).failure == STEPPED_ON


def test_who_stands_on_it_from_the_first_is_not_blamed() -> None:
    assert walked((LINE, MIDDLE)).failure is None


def test_a_foot_in_the_air_above_it_is_none() -> None:
    judge = TASK.judge(GOAL, SCENE)
    judge.update(world(0.0, {}, standing_at(0.0, MIDDLE)))
    above = replace(standing_at(LINE, MIDDLE), foot_wrenches={side: np.zeros(6) for side in SIDES})
    assert judge.update(world(STEP, {}, above)).failure is None


def test_the_other_bar_and_none_are_failures() -> None:
    other = OTHER.position[1]
    assert walked((0.0, other), (BEHIND, other)).failure == WRONG_OBJECT
    between = 0.5 * (MIDDLE - 0.5 * TARGET.size[1] + other + 0.5 * OTHER.size[1])
    assert walked((0.0, between), (BEHIND, between)).failure == AROUND_BAR
    assert walked((0.0, 5.0), (BEHIND, 5.0)).failure == AROUND_BAR


def test_a_fall_is_a_failure() -> None:
    judge = TASK.judge(GOAL, SCENE)
    assert judge.update(world(0.0, {}, standing_at(0.0, 0.0, 0.3))).failure == FALLEN


def test_progress_grows_on_the_way() -> None:
    xs = [0.0, 0.2, LINE - 0.3, BEHIND]
    progress = [walked(*((x, MIDDLE) for x in xs[: i + 1]), waits=0).progress for i in range(4)]
    assert progress == sorted(progress)
    assert progress[-1] == 1.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
def test_scenes_goals_and_sentences(seed: int) -> None:
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = TASK.sample_scene(random)
    left, right = bars_of(scene)
    assert left.position[1] - 0.5 * left.size[1] > right.position[1] + 0.5 * right.size[1] + 0.2
    assert all(0.02 <= bar.size[2] <= 0.04 for bar in (left, right))
    for goal in TASK.goals(scene):
        instruction = TASK.instruct(goal, scene, random.stream("instruction"))
        for sentence in (instruction.text, *instruction.paraphrases):
            assert TASK.understand(sentence, scene) == goal
        first, second = TASK.plan(goal, scene)
        assert isinstance(first, WalkTo)
        assert isinstance(second, WalkTo)
        assert first.x < left.position[0] < second.x
