import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import body, robot, tipped, world

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.scene import Container
from vla_humanoid.assets.tools import JUG_RADIUS, MARBLE_RADIUS
from vla_humanoid.schema import FloatArray, RigidBodyState
from vla_humanoid.tasks.core.judging import DROPPED
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.marbles import FEWEST, MOST, jug_of, marbles_of
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import Verdict
from vla_humanoid.tasks.pour_into import HOLD_TIME, WRONG_CONTAINER, PourInto, PourIntoGoal

TASK = PourInto()
SCENE = next(
    scene
    for scene in (TASK.sample_scene(EpisodeRandom(seed, frozenset())) for seed in range(50))
    if len(marbles_of(scene)) == FEWEST
)
JUG, MARBLES = jug_of(SCENE), marbles_of(SCENE)
TARGET, OTHER = SCENE.containers
GOAL = PourIntoGoal(TARGET.name)
STEPS = round(HOLD_TIME / 0.05) + 2
STILL = np.zeros(3)


def bodies(
    moved: dict[str, FloatArray], velocity: FloatArray = STILL, jug: FloatArray | None = None
) -> dict[str, RigidBodyState]:
    """Everything where it was, but for some marbles, and the jug."""
    found = {it.name: body(np.array(it.position)) for it in (*SCENE.objects, *SCENE.containers)}
    if jug is not None:
        found[JUG.name] = body(jug)
    return found | {name: body(where, velocity=velocity) for name, where in moved.items()}


def inside(container: Container, count: int, up: float = 0.0) -> dict[str, FloatArray]:
    """So many marbles on the floor of a container, or so far above it."""
    floor = container.scale * CONTAINERS[container.shape].floor_height + MARBLE_RADIUS + up
    spots = ([0.02 * (k - 1.5), 0.0, floor] for k in range(count))
    return {
        it.name: np.add(container.position, spot)
        for it, spot in zip(MARBLES[:count], spots, strict=True)
    }


def judged(state: dict[str, RigidBodyState]) -> Verdict:
    judge = TASK.judge(GOAL, SCENE)
    verdict = judge.update(world(0.0, bodies({}), robot()))
    for k in range(1, STEPS):
        verdict = judge.update(world(0.05 * k, state, robot()))
    return verdict


@pytest.mark.parametrize(("count", "success"), [(4, True), (3, True), (2, False), (0, False)])
def test_three_of_four_must_get_there(count: int, success: bool) -> None:
    verdict = judged(bodies(inside(TARGET, count)))
    assert verdict.success == success
    assert verdict.failure is None
    assert verdict.subgoal == (2 if success else 0)


def test_marbles_that_roll_or_fall_are_not_there_yet() -> None:
    assert not judged(bodies(inside(TARGET, 4), velocity=np.array([0.1, 0.0, 0.0]))).success
    assert not judged(bodies(inside(TARGET, 4, up=0.1))).success


def test_marbles_that_are_still_in_the_jug_are_not_poured() -> None:
    in_target = inside(TARGET, 4)
    middle = np.mean(list(in_target.values()), axis=0)
    close = {name: middle + 0.4 * (it - middle) for name, it in in_target.items()}
    assert max(np.linalg.norm(it - middle) for it in close.values()) < JUG_RADIUS
    assert judged(bodies(close)).success
    assert not judged(bodies(close, jug=middle)).success


def test_one_in_another_container_is_a_mistake() -> None:
    assert judged(bodies(inside(OTHER, 1))).failure == WRONG_CONTAINER
    assert not judged(bodies(inside(TARGET, 4) | inside(OTHER, 1))).success


def test_a_container_that_tips_over_holds_nothing() -> None:
    state = bodies(inside(TARGET, 4))
    state[TARGET.name] = body(np.array(TARGET.position), tipped(0.6))
    assert not judged(state).success


@pytest.mark.parametrize(("count", "failure"), [(2, DROPPED), (1, None)])
def test_too_many_on_the_floor_are_a_failure(count: int, failure: str | None) -> None:
    dropped = {it.name: np.array([0.0, 0.0, MARBLE_RADIUS]) for it in MARBLES[:count]}
    assert judged(bodies(dropped)).failure == failure


def test_what_was_in_another_container_before_is_no_mistake() -> None:
    judge = TASK.judge(GOAL, SCENE)
    states = (world(0.05 * k, bodies(inside(OTHER, 1)), robot()) for k in range(STEPS))
    assert all(judge.update(state).failure is None for state in states)


def test_progress_grows_with_each_marble() -> None:
    progress = [
        judged(bodies(inside(TARGET, count), velocity=STILL)).progress for count in range(4)
    ]
    assert progress == sorted(progress)
    assert progress[0] < progress[1] < progress[2] < progress[3] == 1.0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_scenes_have_marbles_in_a_jug_and_two_places_for_them(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    jug, marbles = jug_of(scene), marbles_of(scene)
    assert FEWEST <= len(marbles) <= MOST
    spots = np.array([it.position for it in marbles])
    assert np.hypot(*(spots - jug.position)[:, :2].T).max() < JUG_RADIUS - MARBLE_RADIUS
    gaps = np.linalg.norm(spots[:, None] - spots[None], axis=2) + np.eye(len(spots))
    assert gaps.min() > 2.0 * MARBLE_RADIUS
    assert len(scene.containers) == 2
    assert len(TASK.goals(scene)) == 2


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_sentences_mean_what_they_were_made_for(seed: int) -> None:
    scene = TASK.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for goal in TASK.goals(scene):
        assert named(scene.containers, goal.container)
        said = TASK.instruct(goal, scene, np.random.default_rng(seed))
        for sentence in (said.text, *said.paraphrases):
            assert TASK.understand(sentence, scene) == goal
