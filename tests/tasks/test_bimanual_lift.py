from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_worlds import body, robot, tipped, world

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import FloatArray, WorldState
from vla_humanoid.tasks.bimanual_lift import HEIGHT, HOLD_TIME, BimanualLift, BimanualLiftGoal
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict

TASK = BimanualLift()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
TARGET, OTHER = SCENE.objects
GOAL = BimanualLiftGoal(TARGET.name)


def at(
    time: float, *, up: float = 0.0, other_up: float = 0.0, tilt: float = 0.0, hands: bool = True
) -> WorldState:
    """The target raised, the other box raised, hands beside the target or away."""
    places = {
        TARGET.name: np.add(TARGET.position, (0.0, 0.0, up)),
        OTHER.name: np.add(OTHER.position, (0.0, 0.0, other_up)),
    }
    bodies = {name: body(place, tipped(tilt)) for name, place in places.items()}
    beside: FloatArray = np.array([0.0, 0.5 * OBJECTS["box"].size[1] + 0.05, 0.0])
    middle = places[TARGET.name]
    pinches = {"left": middle + beside, "right": middle - beside} if hands else None
    return world(time, bodies, robot(pinches=pinches))


def judged(
    *, up: float = 0.0, other_up: float = 0.0, tilt: float = 0.0, hands: bool = True
) -> Verdict:
    """The last verdict on boxes that are kept so for a while, from a start with hands away."""
    judge = TASK.judge(GOAL, SCENE)
    judge.update(at(0.0, hands=False))
    times = [0.05 * k for k in range(1, round(HOLD_TIME / 0.05) + 3)]
    states = (at(time, up=up, other_up=other_up, tilt=tilt, hands=hands) for time in times)
    return [judge.update(state) for state in states][-1]


def test_a_box_that_is_held_up_is_a_success() -> None:
    assert judged(up=HEIGHT + 0.01).success
    assert judged(up=HEIGHT + 0.01).subgoal == 1


@pytest.mark.parametrize(
    ("up", "tilt", "hands"),
    [
        (0.0, 0.0, True),
        (HEIGHT - 0.01, 0.0, True),
        (HEIGHT + 0.01, 0.5, True),
        (HEIGHT + 0.01, 0.0, False),
    ],
)
def test_what_is_not_quite_that_is_none(up: float, tilt: float, hands: bool) -> None:
    verdict = judged(up=up, tilt=tilt, hands=hands)
    assert not verdict.success
    assert verdict.failure is None


def test_the_other_box_is_the_wrong_one() -> None:
    verdict = judged(other_up=HEIGHT + 0.01)
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object


def test_progress_grows_with_the_height() -> None:
    values = [judged(up=up).progress for up in (0.0, 0.03, 0.06, HEIGHT - 0.001)]
    assert values == sorted(values)
    assert values[0] < values[-1] < 1.0


@given(st.integers(0, 10_000))
def test_both_boxes_stand_on_the_table_and_clear_of_each_other(seed: int) -> None:
    scene: Scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    assert scene.table is not None
    edge = scene.table.position[0] - 0.5 * scene.table.size[0]
    one, other = scene.objects
    assert np.hypot(*np.subtract(one.position, other.position)[:2]) > 0.38
    for box in scene.objects:
        half = 0.5 * box.scale * np.array(OBJECTS["box"].size[:2])
        yaw = 2.0 * np.arctan2(box.quat_wxyz[3], box.quat_wxyz[0])
        reach = abs(np.cos(yaw)) * half[0] + abs(np.sin(yaw)) * half[1]
        assert box.position[0] - reach > edge
        underside = box.position[2] - box.scale * OBJECTS["box"].half_height
        assert underside == pytest.approx(scene.table.height)


@given(st.integers(0, 10_000))
def test_sentences_mean_what_they_were_made_for(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for goal in TASK.goals(scene):
        said = TASK.instruct(goal, scene, np.random.default_rng(seed))
        for sentence in (said.text, *said.paraphrases):
            assert TASK.understand(sentence, scene) == goal


def test_axes_that_are_off_leave_the_boxes_as_they_are() -> None:
    plain = [TASK.sample_scene(EpisodeRandom(seed, frozenset())) for seed in (1, 2)]
    one, other = (
        [replace(box, color="", name="", rgb=(0, 0, 0)) for box in s.objects] for s in plain
    )
    assert one == other
