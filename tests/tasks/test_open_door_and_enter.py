from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_stances import STEP, standing

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Scene
from vla_humanoid.envs.footprints import footprints
from vla_humanoid.schema import FixtureState, Pose
from vla_humanoid.tasks.core.doorways import THICKNESS
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import PushOpen, WalkTo
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.room_doors import doorway_of
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Verdict
from vla_humanoid.tasks.open_door_and_enter import (
    AJAR,
    BEFORE,
    WIDE_OPEN,
    OpenDoorAndEnter,
    OpenDoorAndEnterGoal,
)
from vla_humanoid.tasks.walk_through_doorway import AROUND_WALL, THROUGH

TASK = OpenDoorAndEnter()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
GOAL, OTHER, *_ = TASK.goals(SCENE)
TARGET, WRONG = (doorway_of(named(SCENE.fixtures, goal.door), SCENE) for goal in (GOAL, OTHER))
BEYOND = TARGET.x + THROUGH + 0.1


def judged(
    *steps: tuple[float, float, dict[str, float]], pelvis_height: float = 0.74, waits: int = 12
) -> Verdict:
    """Judge a robot at one place after another, with doors as open as each step says."""
    judge = TASK.judge(GOAL, SCENE)
    verdict = None
    for number, (x, y, opened) in enumerate([*steps, *[steps[-1]] * waits]):
        state = standing(Stance(x, y, 0.0), number * STEP, pelvis_height=pelvis_height)
        doors = {
            door.name: FixtureState(
                Pose(np.array(door.position), np.array([1.0, 0.0, 0.0, 0.0])),
                opened.get(door.name, 0.0),
                0.0,
            )
            for door in SCENE.fixtures
        }
        verdict = judge.update(replace(state, fixtures=doors))
    assert verdict is not None
    return verdict


def test_nothing_done_is_no_success_and_no_failure() -> None:
    verdict = judged((0.0, 0.0, {}))
    assert not verdict.success
    assert verdict.failure is None


def test_standing_behind_the_open_door_is_success() -> None:
    opened = {GOAL.door: WIDE_OPEN}
    verdict = judged((0.0, TARGET.y, {}), (0.8, TARGET.y, opened), (BEYOND, TARGET.y, opened))
    assert verdict.success
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE))


def test_an_open_door_alone_is_not_enough() -> None:
    verdict = judged((0.0, TARGET.y, {}), (TARGET.x - 0.4, TARGET.y, {GOAL.door: WIDE_OPEN}))
    assert not verdict.success
    assert verdict.subgoal == 2
    assert verdict.progress > judged((TARGET.x - 0.4, TARGET.y, {})).progress


def test_another_door_must_stay_shut() -> None:
    verdict = judged((0.0, 0.0, {}), (0.1, 0.0, {OTHER.door: AJAR + 0.02}))
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object
    assert judged((0.0, 0.0, {}), (0.1, 0.0, {OTHER.door: AJAR - 0.02})).failure is None


def test_what_was_open_at_first_is_nobodys_mistake() -> None:
    ajar = {OTHER.door: 1.0}
    assert judged((0.0, 0.0, ajar), (0.1, 0.0, ajar)).failure is None


def test_through_another_doorway_or_around_the_wall_is_a_failure() -> None:
    opened = {GOAL.door: WIDE_OPEN}
    assert judged((0.0, WRONG.y, opened), (BEYOND, WRONG.y, opened)).failure == WRONG_OBJECT
    assert judged((0.0, 9.0, opened), (BEYOND, 9.0, opened)).failure == AROUND_WALL


def test_a_fall_is_a_failure() -> None:
    assert judged((0.0, 0.0, {}), pelvis_height=0.3).failure == FALLEN


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_sentences_say_which_door(seed: int) -> None:
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
def test_doors_fill_their_doorways_and_plans_lead_through_them(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for goal in TASK.goals(scene):
        door = named(scene.fixtures, goal.door)
        doorway, model = doorway_of(door, scene), FIXTURES[door.kind]
        leaf = model.moving[0]
        middle = door.position[1] + door.scale * leaf.position[1]
        assert abs(middle - doorway.y) < 0.02
        assert door.position[0] - doorway.x > 0.5 * THICKNESS
        before, push, behind = TASK.plan(goal, scene)
        assert isinstance(before, WalkTo)
        assert before.x == pytest.approx(doorway.x - BEFORE)
        assert push == PushOpen(goal.door, WIDE_OPEN)
        assert isinstance(behind, WalkTo)
        assert before.y == behind.y == doorway.y
        assert behind.x > doorway.x + THROUGH


def test_only_hinges_stand_in_the_way() -> None:
    found = footprints(replace(SCENE, boxes=()))
    assert len(found) == len(SCENE.fixtures)
    assert max(max(item.half_size) for item in found) < 0.02


def test_doors_that_are_open_are_no_goals() -> None:
    doors = tuple(replace(door, opening=1.0) for door in SCENE.fixtures[:1])
    scene = replace(SCENE, fixtures=(*doors, *SCENE.fixtures[1:]))
    assert len(TASK.goals(scene)) == len(SCENE.fixtures) - 1


def test_a_door_of_another_scene_is_refused() -> None:
    with pytest.raises(ValueError, match="No 'plaid_door' in this scene; it has "):
        TASK.judge(OpenDoorAndEnterGoal("plaid_door"), SCENE)
    stray = replace(SCENE.fixtures[0], color="plaid")
    with pytest.raises(ValueError, match="is in no doorway"):
        doorway_of(stray, Scene(fixtures=(stray,)))
