import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body, robot, world

from vla_humanoid.schema import RigidBodyState, RobotState
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.plan import Pick, Squat
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Verdict
from vla_humanoid.tasks.pick_from_floor import (
    EDGE,
    HEIGHTS,
    RAISED,
    UP,
    PickFromFloor,
    PickFromFloorGoal,
)

TASK = PickFromFloor()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
TARGET, OTHER, *_ = SCENE.objects
GOAL = PickFromFloorGoal(TARGET.name)
STEP = 0.05


def at_start() -> dict[str, RigidBodyState]:
    return {
        thing.name: body(np.array(thing.position), np.array(thing.quat_wxyz))
        for thing in SCENE.objects
    }


def held(index: int, rise: float, pelvis: float = UP + 0.02, off: float = 0.0) -> Verdict:
    """Judge a robot that holds an object above where it stood, for longer than needed."""
    thing = SCENE.objects[index]
    place = np.array(thing.position) + np.array([0.0, 0.0, rise])
    who = robot(pelvis, pinches={"left": place + np.array([off, 0.0, 0.0])})
    return judge({**at_start(), thing.name: body(place)}, who)


def judge(objects: dict[str, RigidBodyState], who: RobotState, steps: int = 22) -> Verdict:
    verdicts = TASK.judge(GOAL, SCENE)
    verdicts.update(world(0.0, at_start(), robot()))
    for i in range(1, steps):
        verdicts.update(world(i * STEP, objects, who))
    return verdicts.update(world(steps * STEP, objects, who))


def test_nothing_done_is_no_success_and_no_failure() -> None:
    verdict = judge(at_start(), robot())
    assert not verdict.success
    assert verdict.failure is None
    assert judge(at_start(), robot(0.5)).subgoal == 1


def test_standing_with_the_object_in_hand_is_success() -> None:
    verdict = held(0, RAISED + 0.01)
    assert verdict.success
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE)) == 3
    assert verdict.progress == 1.0


@pytest.mark.parametrize("near_miss", [(RAISED - 0.01, 0.74, 0.0), (0.3, UP - 0.02, 0.0)])
def test_too_low_is_no_success(near_miss: tuple[float, float, float]) -> None:
    verdict = held(0, *near_miss)
    assert not verdict.success
    assert verdict.failure is None
    assert verdict.subgoal == 2


def test_what_flies_is_not_held() -> None:
    assert not held(0, 0.3, off=0.2).success


def test_another_object_in_hand_is_a_failure() -> None:
    verdict = held(1, 0.2)
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object
    assert held(1, 0.2, off=0.2).failure is None


def test_falls_are_failures() -> None:
    assert judge(at_start(), robot(0.3)).failure == FALLEN
    on_floor = body(np.array([0.1, 0.4, 0.04]))
    assert judge({**at_start(), TARGET.name: on_floor}, robot()).failure == DROPPED


def test_progress_grows_while_the_robot_stands_up() -> None:
    heights = np.linspace(0.5, 0.74, 6).tolist()
    progress = [held(0, 0.05, pelvis=height).progress for height in heights]
    assert progress == sorted(progress)
    assert progress[0] >= judge(at_start(), robot(0.5)).progress


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
def test_scenes_goals_and_sentences(seed: int) -> None:
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = TASK.sample_scene(random)
    table = table_of(scene)
    assert HEIGHTS[0] <= table.height <= HEIGHTS[1]
    assert 2 <= len(scene.objects) <= 3
    assert all(thing.position[0] > EDGE for thing in scene.objects)
    for goal in TASK.goals(scene):
        instruction = TASK.instruct(goal, scene, random.stream("instruction"))
        for sentence in (instruction.text, *instruction.paraphrases):
            assert TASK.understand(sentence, scene) == goal
        down, pick, up = TASK.plan(goal, scene)
        assert isinstance(down, Squat)
        assert isinstance(up, Squat)
        assert pick == Pick(goal.object)
        assert down.height < up.height
