import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body, robot, world

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.schema import FloatArray, RigidBodyState, RobotState
from vla_humanoid.tasks.core.counter import SLAB, STAND_OFF, counter_height, place_at_counter
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import Pick, Place, WalkTo
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Verdict
from vla_humanoid.tasks.fetch_and_deliver import (
    WRONG_CONTAINER,
    FetchAndDeliver,
    FetchAndDeliverGoal,
)

TASK = FetchAndDeliver()
SCENE = TASK.sample_scene(EpisodeRandom(1, DEFAULT_AXES))
TARGET, OTHER, *_ = SCENE.objects
RIGHT, WRONG = SCENE.containers
GOAL = FetchAndDeliverGoal(TARGET.name, RIGHT.name)
STEP = 0.05


def at_start() -> dict[str, RigidBodyState]:
    return {
        thing.name: body(np.array(thing.position), np.array(thing.quat_wxyz))
        for thing in (*SCENE.objects, *SCENE.containers)
    }


def inside(thing_index: int, container_index: int) -> FloatArray:
    """Where the centre of an object is that stands on the floor of a container."""
    thing, box = SCENE.objects[thing_index], SCENE.containers[container_index]
    rest = box.scale * CONTAINERS[box.shape].floor_height
    rest += thing.scale * OBJECTS[thing.shape].half_height
    return np.array(box.position) + np.array([0.0, 0.0, rest])


def judge(
    objects: dict[str, RigidBodyState], who: RobotState | None = None, steps: int = 20
) -> Verdict:
    """Judge a world that comes about after the start, and stays as it is."""
    verdicts = TASK.judge(GOAL, SCENE)
    verdicts.update(world(0.0, at_start(), robot()))
    for i in range(1, steps):
        verdicts.update(world(i * STEP, objects, who or robot()))
    return verdicts.update(world(steps * STEP, objects, who or robot()))


def test_nothing_done_is_no_success_and_no_failure() -> None:
    verdict = judge(at_start())
    assert not verdict.success
    assert verdict.failure is None
    assert verdict.subgoal == 0


def test_the_object_in_the_container_is_success() -> None:
    verdict = judge({**at_start(), TARGET.name: body(inside(0, 0))})
    assert verdict.success
    assert verdict.progress == 1.0
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE))


def test_what_is_still_held_is_no_success() -> None:
    holding = robot(pinches={"left": inside(0, 0)})
    verdict = judge({**at_start(), TARGET.name: body(inside(0, 0))}, holding)
    assert not verdict.success
    assert verdict.subgoal == 3


def test_a_container_carried_to_the_object_is_no_success() -> None:
    place = np.array(TARGET.position) - (inside(0, 0) - np.array(RIGHT.position))
    place[2] += 0.06
    moved = {RIGHT.name: body(place), TARGET.name: body(inside(0, 0) - RIGHT.position + place)}
    assert not judge({**at_start(), **moved}).success


def test_another_object_or_another_container_is_a_failure() -> None:
    other = judge({**at_start(), OTHER.name: body(inside(1, 0))})
    assert other.failure == WRONG_OBJECT
    assert other.wrong_object
    assert judge({**at_start(), TARGET.name: body(inside(0, 1))}).failure == WRONG_CONTAINER


def test_what_lay_there_from_the_first_is_no_mistake() -> None:
    objects = {**at_start(), OTHER.name: body(inside(1, 1))}
    verdicts = TASK.judge(GOAL, SCENE)
    for i in range(30):
        assert verdicts.update(world(i * STEP, objects, robot())).failure is None


def test_on_the_floor_is_a_failure() -> None:
    assert judge({**at_start(), TARGET.name: body(np.array([0.5, 1.0, 0.04]))}).failure == DROPPED
    assert judge(at_start(), robot(pelvis_height=0.3)).failure == FALLEN


def test_on_the_lower_of_the_two_is_none() -> None:
    low = min(counter_height(SCENE), table_of(SCENE).height)
    lying = body(np.array([*RIGHT.position[:2], low + 0.03]))
    assert judge({**at_start(), TARGET.name: lying}).failure is None


def test_progress_grows_as_the_object_nears_its_place() -> None:
    start, end = np.array(TARGET.position), inside(0, 0)
    progress = []
    for share in np.linspace(0.0, 0.9, 10):
        point = start + share * (end - start) + np.array([0.0, 0.0, 0.2])
        holding = robot(pinches={"left": point})
        progress.append(judge({**at_start(), TARGET.name: body(point)}, holding).progress)
    assert progress == sorted(progress)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
def test_scenes_goals_and_sentences(seed: int) -> None:
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = TASK.sample_scene(random)
    goals = TASK.goals(scene)
    assert len(set(goals)) == len(scene.objects) * 2 >= 4
    slab = named(scene.boxes, SLAB)
    place = place_at_counter(scene)
    edge = STAND_OFF + 0.5 * slab.size[0]
    assert place.distance(*slab.position[:2]) == pytest.approx(edge)
    for box in scene.containers:
        x, y, z = box.position
        assert z == pytest.approx(counter_height(scene))
        assert place.distance(x, y) < 0.5
        assert abs(place.bearing(x, y)) < math.radians(35.0)
    for goal in goals:
        instruction = TASK.instruct(goal, scene, random.stream("instruction"))
        for sentence in (instruction.text, *instruction.paraphrases):
            assert TASK.understand(sentence, scene) == goal
        walk, pick, carry, put = TASK.plan(goal, scene)
        assert isinstance(walk, WalkTo)
        assert isinstance(carry, WalkTo)
        box = named(scene.containers, goal.container)
        assert Stance(carry.x, carry.y, carry.yaw).bearing(*box.position[:2]) == pytest.approx(0.0)
        assert (pick, put) == (Pick(goal.object), Place(goal.object, goal.container))


def test_an_object_of_another_scene_is_refused() -> None:
    with pytest.raises(ValueError, match="No 'plaid_spoon' in this scene; it has "):
        TASK.judge(FetchAndDeliverGoal("plaid_spoon", RIGHT.name), SCENE)
