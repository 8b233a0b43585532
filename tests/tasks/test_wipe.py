from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body, robot, tipped, world

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import Pick, WipeOff
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Verdict
from vla_humanoid.tasks.core.wiping import Wiping
from vla_humanoid.tasks.wipe import Wipe, WipeGoal

TASK = Wipe()
SCENE = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
(SPONGE,) = SCENE.objects
TABLE = table_of(SCENE)
GOAL, OTHER, *_ = TASK.goals(SCENE)
STAIN, WRONG = (named(SCENE.marks, goal.stain) for goal in (GOAL, OTHER))
STEP = 0.05
LYING = TABLE.height + SPONGE.scale * OBJECTS["sponge"].half_height


def state(
    time: float,
    x: float,
    y: float,
    z: float = LYING,
    speed: float = 0.15,
    tilt: float = 0.0,
    pelvis: float = 0.74,
) -> WorldState:
    velocity = np.array([speed, 0.0, 0.0])
    sponge = body(np.array([x, y, z]), tipped(tilt), velocity)
    return world(time, {SPONGE.name: sponge}, robot(pelvis))


def drawn(goal: WipeGoal, over: tuple[float, float], aside: float = 0.0, **how: float) -> Verdict:
    """Judge a sponge drawn straight ahead over a place."""
    judge = TASK.judge(goal, SCENE)
    x, y, _ = SPONGE.position
    verdict = judge.update(state(0.0, x, y, speed=0.0))
    for number, way in enumerate(np.linspace(-0.08, 0.08, 33).tolist()):
        verdict = judge.update(state((number + 1) * STEP, over[0] + way, over[1] + aside, **how))
    return verdict


def test_nothing_done_is_no_success_and_no_failure() -> None:
    judge = TASK.judge(GOAL, SCENE)
    x, y, _ = SPONGE.position
    verdict = judge.update(state(0.0, x, y, speed=0.0))
    assert not verdict.success
    assert verdict.failure is None
    assert verdict.subgoal == 0
    assert verdict.progress < 0.3


def test_a_sponge_drawn_over_the_stain_is_success() -> None:
    verdict = drawn(GOAL, STAIN.position)
    assert verdict.success
    assert verdict.subgoal == len(TASK.subgoals(GOAL, SCENE))
    assert verdict.progress == 1.0


def test_half_a_stain_is_not_enough() -> None:
    half_width = 0.5 * SPONGE.scale * OBJECTS["sponge"].size[1]
    verdict = drawn(GOAL, STAIN.position, aside=half_width)
    assert not verdict.success
    assert verdict.failure is None
    assert 0.3 < verdict.progress < 0.9


@pytest.mark.parametrize(
    "how", [{"z": LYING + 0.01}, {"speed": 0.0}, {"tilt": 0.7}, {"tilt": np.pi}]
)
def test_it_must_lie_on_the_table_and_move(how: dict[str, float]) -> None:
    assert drawn(GOAL, STAIN.position, **how).progress < 0.6


def test_another_stain_is_a_failure() -> None:
    verdict = drawn(GOAL, WRONG.position)
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object
    assert drawn(OTHER, WRONG.position).success


def test_a_sponge_off_the_table_or_a_fall_is_a_failure() -> None:
    assert drawn(GOAL, STAIN.position, z=TABLE.height - 0.1).failure == DROPPED
    assert drawn(GOAL, STAIN.position, pelvis=0.3).failure == FALLEN


def test_shares_follow_the_area_and_add_up() -> None:
    half_width = 0.5 * SPONGE.scale * OBJECTS["sponge"].size[1]
    x, y = STAIN.position
    wiping = Wiping(STAIN, SPONGE, TABLE)
    for aside, share in ((half_width, 0.5), (-half_width, 1.0)):
        for way in np.linspace(-0.08, 0.08, 33).tolist():
            wiping.update(state(0.0, x + way, y + aside))
        assert wiping.share == pytest.approx(share, abs=0.02)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31))
def test_sentences_say_which_stain(seed: int) -> None:
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = TASK.sample_scene(random)
    goals = TASK.goals(scene)
    assert 2 <= len(set(goals)) == len(goals) == len(scene.marks) <= 3
    for goal in goals:
        instruction = TASK.instruct(goal, scene, random.stream("instruction"))
        for sentence in (instruction.text, *instruction.paraphrases):
            assert TASK.understand(sentence, scene) == goal
        pick, wipe = TASK.plan(goal, scene)
        assert isinstance(pick, Pick)
        assert wipe == WipeOff(pick.object, goal.stain)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31))
def test_nothing_is_wiped_at_first_and_stains_are_apart(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    (sponge,) = scene.objects
    for stain in scene.marks:
        away = np.hypot(*np.subtract(stain.position, sponge.position[:2]))
        assert away > stain.radius + sponge.scale * OBJECTS["sponge"].footprint_radius
        for other in scene.marks:
            if other is not stain:
                gap = np.hypot(*np.subtract(stain.position, other.position))
                assert gap > stain.radius + other.radius + 0.06


def test_sizes_and_heights_do_not_change_the_layout() -> None:
    fewer = TASK.sample_scene(EpisodeRandom(0, DEFAULT_AXES - {"object_size", "table_height"}))
    assert [stain.position for stain in fewer.marks] == [stain.position for stain in SCENE.marks]


def test_a_stain_of_another_scene_is_refused() -> None:
    with pytest.raises(ValueError, match="No 'plaid_stain' in this scene; it has "):
        TASK.judge(WipeGoal("plaid_stain"), SCENE)
    with pytest.raises(ValueError, match="needs a scene with a table"):
        TASK.judge(GOAL, replace(SCENE, table=None))
