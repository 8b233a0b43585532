from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body, robot, tipped, world
from verdicts import plain

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import FloatArray, RigidBodyState, RobotState
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.plan import Pick, Place
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Verdict
from vla_humanoid.tasks.pick_place import WRONG_CONTAINER, PickPlace, PickPlaceGoal

TASK = PickPlace()
STEP = 0.05
HELD_FOR_HALF_A_SECOND = 11
"""Steps from the first at which something is so to the first at which it was so for 0.5 s."""


def two_containers() -> Scene:
    for seed in range(100):
        scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
        if len(scene.containers) == 2 and len(scene.objects) == 3:
            return scene
    raise AssertionError("No seed gave two containers and three objects.")


SCENE = two_containers()
TABLE = table_of(SCENE)
TARGET, OTHER, _ = SCENE.objects
RIGHT, WRONG = SCENE.containers
GOAL = PickPlaceGoal(TARGET.name, RIGHT.name)


def at_start() -> dict[str, RigidBodyState]:
    return {
        thing.name: body(np.array(thing.position), np.array(thing.quat_wxyz))
        for thing in (*SCENE.objects, *SCENE.containers)
    }


def inside(thing_index: int, container_index: int, above_floor: float = 0.0) -> FloatArray:
    """Where the centre of an object is that stands on the floor of a container."""
    thing, box = SCENE.objects[thing_index], SCENE.containers[container_index]
    rest = box.scale * CONTAINERS[box.shape].floor_height
    rest += thing.scale * OBJECTS[thing.shape].half_height
    return np.array(box.position) + np.array([0.0, 0.0, rest + above_floor])


def placed() -> dict[str, RigidBodyState]:
    return {**at_start(), TARGET.name: body(inside(0, 0))}


def judge(
    objects: dict[str, RigidBodyState], who: RobotState | None = None, steps: int = 40
) -> Verdict:
    """Judge a world that stays as it is."""
    verdicts = TASK.judge(GOAL, SCENE)
    for i in range(steps - 1):
        verdicts.update(world(i * STEP, objects, who or robot()))
    return verdicts.update(world((steps - 1) * STEP, objects, who or robot()))


def judge_from_start(objects: dict[str, RigidBodyState], steps: int = 40) -> Verdict:
    """Judge a world that is as it was sampled, then otherwise for good."""
    verdicts = TASK.judge(GOAL, SCENE)
    verdict = verdicts.update(world(0.0, at_start(), robot()))
    for i in range(1, steps):
        verdict = verdicts.update(world(i * STEP, objects, robot()))
    return verdict


def test_nothing_done_is_no_success_and_no_failure():
    assert plain(judge(at_start())) == Verdict(False, None, False, 0, 0.0)


def test_success_takes_half_a_second():
    assert plain(judge(placed(), steps=HELD_FOR_HALF_A_SECOND - 1)) == Verdict(
        False, None, False, 3, 0.0
    )
    assert plain(judge(placed(), steps=HELD_FOR_HALF_A_SECOND)) == Verdict(
        True, None, False, 3, 1.0
    )


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_success_needs_half_a_second_without_interruption(present: list[bool]):
    verdicts = TASK.judge(GOAL, SCENE)
    run = 0
    for i, is_present in enumerate(present):
        verdict = verdicts.update(world(i * STEP, placed() if is_present else at_start(), robot()))
        run = run + 1 if is_present else 0
        assert verdict.success is (run >= HELD_FOR_HALF_A_SECOND)
        if verdict.success:
            break


@given(st.sampled_from(["left", "right"]), st.floats(0.0, 0.08), st.floats(0.0, 6.28))
def test_what_is_held_is_no_success(side: str, distance: float, angle: float):
    offset = distance * np.array([np.cos(angle), np.sin(angle), 0.0])
    holding = robot(pinches={side: inside(0, 0) + offset})
    verdict = judge(placed(), holding)
    assert not verdict.success
    assert verdict.subgoal == 2


@given(st.floats(0.051, 2.0), st.sampled_from([0, 1, 2]))
def test_what_moves_is_no_success(speed: float, axis: int):
    moving = body(inside(0, 0), velocity=speed * np.eye(3)[axis])
    assert not judge({**placed(), TARGET.name: moving}).success


@given(st.floats(1.01, 20.0), st.sampled_from([0, 1, 2]))
def test_what_spins_is_no_success(turn_rate: float, axis: int):
    spinning = body(inside(0, 0), turn_rate=turn_rate * np.eye(3)[axis])
    assert not judge({**placed(), TARGET.name: spinning}).success


@given(st.floats(0.36, 3.1))
def test_a_tipped_container_is_no_success(lean: float):
    on_its_side = body(np.array(RIGHT.position), tipped(lean))
    assert not judge({**placed(), RIGHT.name: on_its_side}).success


@given(st.floats(0.12, 0.4))
def test_what_is_above_the_container_is_no_success(height: float):
    verdict = judge({**placed(), TARGET.name: body(inside(0, 0, height))})
    assert not verdict.success
    assert verdict.subgoal == 1


def test_a_container_held_up_is_no_success():
    up = np.array([0.0, 0.0, 0.1])
    lifted = {
        RIGHT.name: body(np.array(RIGHT.position) + up),
        TARGET.name: body(inside(0, 0) + up),
    }
    assert not judge({**placed(), **lifted}).success


def test_a_fallen_robot_fails_even_with_the_object_in_place():
    verdict = judge(placed(), robot(pelvis_height=0.3), steps=1)
    assert plain(verdict) == Verdict(False, FALLEN, False, 3, 0.0)
    assert judge(placed(), robot(pelvis_tilt=1.0)).failure == FALLEN


@pytest.mark.parametrize("container_index", [0, 1])
def test_another_object_in_any_container_is_a_failure(container_index: int):
    objects = {**at_start(), OTHER.name: body(inside(1, container_index))}
    assert judge_from_start(objects, HELD_FOR_HALF_A_SECOND).failure is None
    verdict = judge_from_start(objects)
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object


@pytest.mark.parametrize("container_index", [0, 1])
def test_what_lay_elsewhere_when_judging_began_is_no_mistake(container_index: int):
    objects = {**at_start(), OTHER.name: body(inside(1, container_index))}
    assert judge(objects).failure is None


def test_another_object_in_the_hand_is_not_yet_a_failure():
    objects = {**at_start(), OTHER.name: body(inside(1, 0))}
    assert judge(objects, robot(pinches={"left": inside(1, 0)})).failure is None


def test_the_other_container_is_a_failure():
    verdict = judge_from_start({**at_start(), TARGET.name: body(inside(0, 1))})
    assert verdict.failure == WRONG_CONTAINER
    assert not verdict.wrong_object


@pytest.mark.parametrize("name", [TARGET.name, RIGHT.name])
def test_what_is_needed_on_the_floor_is_a_failure(name: str):
    assert judge({**at_start(), name: body(np.array([0.2, 0.5, 0.04]))}).failure == DROPPED


def test_a_distractor_on_the_floor_is_none():
    assert judge({**placed(), OTHER.name: body(np.array([0.2, 0.5, 0.04]))}).success


def test_the_first_end_stands():
    verdicts = TASK.judge(GOAL, SCENE)
    failed = verdicts.update(world(0.0, at_start(), robot(pelvis_height=0.2)))
    for i in range(1, 30):
        assert verdicts.update(world(i * STEP, placed(), robot())) == failed


def test_progress_grows_as_the_object_nears_its_place():
    start, end = np.array(TARGET.position), inside(0, 0)
    steps = [judge(at_start()).progress]
    for share in (0.0, 0.5, 0.9):
        where = start + share * (end - start)
        held = {**at_start(), TARGET.name: body(where)}
        steps.append(judge(held, robot(pinches={"left": where})).progress)
    steps += [judge(placed(), robot(pinches={"left": end})).progress, judge(placed()).progress]
    assert steps == sorted(steps)
    assert steps[0] < 0.5
    assert steps[-1] == 1.0


def test_subgoals_follow_the_object():
    start = np.array(TARGET.position)
    heights = {0.0: 0, 0.02: 0, 0.04: 1, 0.3: 1}
    for height, subgoal in heights.items():
        raised = body(start + np.array([0.0, 0.0, height]))
        assert judge({**at_start(), TARGET.name: raised}, steps=1).subgoal == subgoal
    holding = robot(pinches={"right": inside(0, 0)})
    assert judge(placed(), holding, steps=1).subgoal == 2
    assert judge(placed(), steps=1).subgoal == len(TASK.subgoals(GOAL, SCENE)) == 3


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_goals_are_all_pairs_and_their_sentences_name_them(seed: int):
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = TASK.sample_scene(random)
    goals = TASK.goals(scene)
    assert len(set(goals)) == len(goals) == len(scene.objects) * len(scene.containers)
    objects = {thing.name: thing for thing in scene.objects}
    containers = {box.name: box for box in scene.containers}
    for goal in goals:
        thing, box = objects[goal.object], containers[goal.container]
        instruction = TASK.instruct(goal, scene, random.stream("instruction"))
        for sentence in (instruction.text, *instruction.paraphrases):
            assert TASK.understand(sentence, scene) == goal
        assert TASK.plan(goal, scene) == (Pick(thing.name), Place(thing.name, box.name))


def test_the_subgoals_say_what_is_judged():
    first, second, third = TASK.subgoals(GOAL, SCENE)
    assert first == f"pick up the {TARGET.color} {TARGET.shape}"
    assert second.endswith(f"the {RIGHT.color} {RIGHT.shape}")
    assert third == "let go of it"


def test_a_goal_of_another_scene_is_refused():
    with pytest.raises(ValueError, match="No 'plaid_spoon' in this scene; it has "):
        TASK.judge(replace(GOAL, object="plaid_spoon"), SCENE)
