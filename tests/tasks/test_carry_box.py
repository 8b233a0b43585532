import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_worlds import body, robot, tipped, world

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, StaticBox
from vla_humanoid.schema import FloatArray, WorldState
from vla_humanoid.tasks.carry_box import HOLD_TIME, WRONG_COUNTER, CarryBox, CarryBoxGoal
from vla_humanoid.tasks.core.counter import slabs
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.core.wide_boxes import top_of

TASK = CarryBox()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
TARGET, OTHER = SCENE.objects
LEFT, RIGHT = slabs(SCENE)
GOAL = CarryBoxGoal(TARGET.name, LEFT.name)


def standing_on(slab: StaticBox, box: GraspableObject) -> FloatArray:
    height = top_of(slab) + box.scale * OBJECTS["box"].half_height
    return np.array([*slab.position[:2], height])


def at(
    time: float,
    target: FloatArray,
    other: FloatArray | None = None,
    tilt: float = 0.0,
    held: bool = False,
) -> WorldState:
    where = np.array(OTHER.position) if other is None else other
    bodies = {TARGET.name: body(target, tipped(tilt)), OTHER.name: body(where)}
    pinches = {"left": target + np.array([0.0, 0.15, 0.0])} if held else None
    return world(time, bodies, robot(pinches=pinches))


def judged(
    target: FloatArray, other: FloatArray | None = None, tilt: float = 0.0, held: bool = False
) -> Verdict:
    judge = TASK.judge(GOAL, SCENE)
    judge.update(at(0.0, np.array(TARGET.position)))
    times = [0.05 * k for k in range(1, round(HOLD_TIME / 0.05) + 3)]
    return [judge.update(at(time, target, other, tilt, held)) for time in times][-1]


def test_on_the_named_counter_is_a_success() -> None:
    verdict = judged(standing_on(LEFT, TARGET))
    assert verdict.success
    assert verdict.subgoal == 4


@pytest.mark.parametrize(
    ("raised", "tilt", "held"), [(0.02, 0.0, False), (0.0, 0.5, False), (0.0, 0.0, True)]
)
def test_what_is_not_quite_that_is_none(raised: float, tilt: float, held: bool) -> None:
    verdict = judged(standing_on(LEFT, TARGET) + np.array([0.0, 0.0, raised]), tilt=tilt, held=held)
    assert not verdict.success
    assert verdict.failure is None


def test_the_other_counter_the_other_box_and_the_floor_are_failures() -> None:
    assert judged(standing_on(RIGHT, TARGET)).failure == WRONG_COUNTER
    start = np.array(TARGET.position)
    assert judged(start, standing_on(LEFT, OTHER)).failure == WRONG_OBJECT
    assert judged(start, standing_on(RIGHT, OTHER)).failure == WRONG_OBJECT
    assert judged(np.array([0.5, 1.0, 0.1])).failure == DROPPED


def test_progress_grows_on_the_way_to_the_counter() -> None:
    start, end = np.array(TARGET.position), standing_on(LEFT, TARGET) + np.array([0.0, 0.0, 0.1])
    values = [judged(start + share * (end - start)).progress for share in (0.0, 0.3, 0.6, 0.95)]
    assert values == sorted(values)


@given(st.integers(0, 10_000))
def test_sentences_mean_what_they_were_made_for(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    goals = TASK.goals(scene)
    assert len(goals) == 4
    for goal in goals:
        said = TASK.instruct(goal, scene, np.random.default_rng(seed))
        for sentence in (said.text, *said.paraphrases):
            assert TASK.understand(sentence, scene) == goal
