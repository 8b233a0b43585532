import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body, robot, world

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.tools import HOOK_LENGTH
from vla_humanoid.schema import SIDES, FloatArray, RigidBodyState
from vla_humanoid.tasks.core.hooking import (
    GAP,
    hook_of,
    hook_quat,
    hook_side,
    hookable,
    hooking,
    radius_of,
)
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.reach import reaches, reaching_sides
from vla_humanoid.tasks.core.table_layout import grasp_point
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.use_tool import (
    BY_HAND,
    HOLD_TIME,
    PULLED,
    UseTool,
    UseToolGoal,
    near_line,
)

TASK = UseTool()
SCENE = TASK.sample_scene(EpisodeRandom(0, frozenset()))
TARGET, OTHER = hookable(SCENE)
HOOK = hook_of(SCENE)
GOAL = UseToolGoal(TARGET.name)
NEAR = near_line(table_of(SCENE))
STEPS = round(HOLD_TIME / 0.05) + 2


def pulled(
    name: str, x: float, velocity: float = 0.0, down: float = 0.0
) -> dict[str, RigidBodyState]:
    """Everything where it was, but for one thing that is elsewhere ahead."""
    bodies = {it.name: body(np.array(it.position)) for it in SCENE.objects}
    where = np.array(bodies[name].pose.position)
    where[0], where[2] = x, where[2] - down
    bodies[name] = body(where, velocity=np.array([-velocity, 0.0, 0.0]))
    return bodies


def judged(
    bodies: dict[str, RigidBodyState], hands: dict[str, FloatArray] | None = None
) -> Verdict:
    judge = TASK.judge(GOAL, SCENE)
    verdict = judge.update(world(0.0, pulled(TARGET.name, TARGET.position[0]), robot()))
    for k in range(1, STEPS):
        verdict = judge.update(world(0.05 * k, bodies, robot(pinches=hands)))
    return verdict


def test_near_and_at_rest_is_a_success() -> None:
    verdict = judged(pulled(TARGET.name, NEAR - 0.001))
    assert verdict.success
    assert verdict.subgoal == 2
    assert verdict.progress == 1.0


@pytest.mark.parametrize(("x", "velocity"), [(NEAR + 0.001, 0.0), (NEAR - 0.01, 0.1)])
def test_not_quite_near_or_not_at_rest_is_none(x: float, velocity: float) -> None:
    verdict = judged(pulled(TARGET.name, x, velocity))
    assert not verdict.success
    assert verdict.failure is None


def test_doing_nothing_is_no_success() -> None:
    verdict = judged(pulled(TARGET.name, TARGET.position[0]))
    assert not verdict.success
    assert verdict.failure is None
    assert verdict.subgoal == 0


def test_a_hand_must_not_move_it() -> None:
    bodies = pulled(TARGET.name, 0.5, velocity=0.1)
    at_it = {"right": bodies[TARGET.name].pose.position}
    assert judged(bodies, at_it).failure == BY_HAND
    resting = pulled(TARGET.name, TARGET.position[0])
    assert judged(resting, {"right": np.array(TARGET.position)}).failure is None


@pytest.mark.parametrize(
    ("by", "failure"), [(PULLED + 0.001, WRONG_OBJECT), (PULLED - 0.001, None)]
)
def test_another_one_must_stay(by: float, failure: str | None) -> None:
    verdict = judged(pulled(OTHER.name, OTHER.position[0] - by))
    assert verdict.failure == failure
    assert verdict.wrong_object == (failure is not None)


@pytest.mark.parametrize("name", [TARGET.name, HOOK.name])
def test_what_falls_off_the_table_is_lost(name: str) -> None:
    assert judged(pulled(name, 0.1, down=0.5)).failure == DROPPED


def test_what_was_pulled_before_is_no_mistake() -> None:
    judge = TASK.judge(GOAL, SCENE)
    states = (world(0.05 * k, pulled(OTHER.name, 0.4), robot()) for k in range(STEPS))
    assert all(judge.update(state).failure is None for state in states)


def test_progress_grows_as_it_comes_nearer() -> None:
    where = np.linspace(TARGET.position[0], NEAR, 5)
    progress = [judged(pulled(TARGET.name, float(x), velocity=0.1)).progress for x in where]
    assert progress == sorted(progress)
    assert 0.0 <= progress[0] < progress[-1] < 1.0


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("y", [-0.15, 0.0, 0.15])
def test_a_hook_around_something_has_it_in_its_corner(side: str, y: float) -> None:
    x, radius = 0.58, 0.035
    hand_x, hand_y, heading = hooking(x, y, radius, side)
    assert hook_side(np.array(hook_quat(side, heading))) == side
    c, s = np.cos(heading), np.sin(heading)
    along = c * (x - hand_x) + s * (y - hand_y)
    across = c * (y - hand_y) - s * (x - hand_x)
    assert along == pytest.approx(HOOK_LENGTH - GAP - radius)
    assert (across < 0.0) == (side == "left")
    assert abs(across) > radius


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_objects_are_out_of_reach_of_hands_but_not_of_the_hook(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    hook, height = hook_of(scene), table_of(scene).height
    side = hook_side(np.array(hook.quat_wxyz))
    assert reaches(side, (*hook.position[:2], height + OBJECTS["hook"].half_height))
    assert len(TASK.goals(scene)) == len(scene.objects) - 1 >= 2
    for thing in hookable(scene):
        assert not reaching_sides(grasp_point(thing))
        x, y, _ = hooking(thing.position[0], thing.position[1], radius_of(thing), side)
        assert reaches(side, (x, y, height))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_sentences_mean_what_they_were_made_for(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for goal in TASK.goals(scene):
        said = TASK.instruct(goal, scene, np.random.default_rng(seed))
        for sentence in (said.text, *said.paraphrases):
            assert TASK.understand(sentence, scene) == goal
