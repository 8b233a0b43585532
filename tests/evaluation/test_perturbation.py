"""Perturbed episodes: what changes, by how much, and what must not."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.data_collection.environment import Observation
from vla_humanoid.envs.episode import Episode, sample_episode
from vla_humanoid.evaluation.clear_start import ClearStart
from vla_humanoid.evaluation.conditions import Condition
from vla_humanoid.evaluation.perturbation import LATENCIES, alteration, latency, views
from vla_humanoid.evaluation.perturbed_words import SPEECH, spoiled
from vla_humanoid.schema import state_fields
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.randomization import AXES

ALTERED = ("camera", "light", "texture", "layout", "robot_start", "physics", "pushes")
LAID_OUT = ("PickPlace", "PointAt", "WalkToTarget", "PourInto")
FIELDS = state_fields(JOINT_NAMES)


def sampled(task: str, seed: int) -> Episode:
    return sample_episode(load_task(task), seed, AXES, None)


def perturbed(task: str, seed: int, axis: str, level: int) -> Episode:
    alter = alteration(Condition(axis, level))
    assert alter is not None
    return alter(sampled(task, seed), load_task(task))


def things(scene: Scene) -> list[tuple[str, float, float]]:
    """What stands freely: its name and where."""
    free = (*scene.objects, *scene.containers, *scene.landmarks)
    return [(one.name, one.position[0], one.position[1]) for one in free]


@pytest.mark.parametrize("axis", ALTERED)
@pytest.mark.parametrize("task", ["PickPlace", "WalkToTarget", "OpenDrawer"])
def test_an_axis_changes_the_episode_but_not_what_it_is_about(axis: str, task: str) -> None:
    before = sampled(task, 7)
    after = perturbed(task, 7, axis, 3)
    assert after != before
    assert after == perturbed(task, 7, axis, 3)
    assert after.goal == before.goal
    assert after.instruction == before.instruction
    assert [one[0] for one in things(after.scene)] == [one[0] for one in things(before.scene)]
    if axis not in ("layout", "physics"):
        assert replace(after, scene=before.scene).scene.objects == after.scene.objects
        assert things(after.scene) == things(before.scene)


@pytest.mark.parametrize("axis", ALTERED)
def test_perturbed_worlds_can_be_built(axis: str) -> None:
    episode = perturbed("PickPlace", 1, axis, 5)
    model = build_world(episode.scene, payload=episode.dynamics.payload).compile()
    plain = sampled("PickPlace", 1)
    before = build_world(plain.scene, payload=plain.dynamics.payload).compile()
    assert (model.nbody, model.nq, model.nu) == (before.nbody, before.nq, before.nu)


@given(st.integers(0, 10_000), st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_cameras_go_as_far_as_the_level_says_and_in_one_direction(seed: int, level: int) -> None:
    scene = sampled("PickPlace", seed).scene
    near, far = (perturbed("PickPlace", seed, "camera", n).scene for n in (1, level))
    for camera, offset in scene.cameras.items():
        start = np.array(offset.position)
        shift = np.array(far.cameras[camera].position) - start
        assert np.linalg.norm(shift) == pytest.approx(0.015 * level)
        assert shift == pytest.approx(level * (np.array(near.cameras[camera].position) - start))
        assert abs(far.cameras[camera].fovy - offset.fovy) == pytest.approx(2.0 * level)


@given(st.integers(0, 10_000), st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_light_stays_above_and_its_brightness_follows_the_level(seed: int, level: int) -> None:
    before = sampled("PickPlace", seed).scene.lighting
    after = perturbed("PickPlace", seed, "light", level).scene.lighting
    slant = math.acos(-after.direction[2] / float(np.linalg.norm(after.direction)))
    assert slant <= math.radians(75.0) + 1e-9
    gain = after.ambient[0] / before.ambient[0]
    assert any(gain == pytest.approx(1.25**n) for n in (level, -level)) or after.ambient[0] == 1.0


@given(
    st.integers(0, 10_000), st.sampled_from(["PickPlace", "PointAt", "WalkToTarget", "PourInto"])
)
@settings(max_examples=12, deadline=None)
def test_a_new_layout_keeps_the_goal_possible_and_things_apart(seed: int, task: str) -> None:
    before, after = sampled(task, seed), perturbed(task, seed, "layout", 5)
    loaded = load_task(task)
    assert after.goal in loaded.goals(after.scene)
    assert loaded.understand(after.instruction.text, after.scene) == after.goal
    shifts = [
        math.dist(old[1:], new[1:])
        for old, new in zip(things(before.scene), things(after.scene), strict=True)
    ]
    assert max(shifts) <= 0.10 + 1e-9
    assert all(shift == 0.0 or shift >= 0.05 - 1e-9 for shift in shifts)
    build_world(after.scene).compile()


def test_most_things_do_move() -> None:
    moved = [
        old != new
        for seed in range(10)
        for old, new in zip(
            things(sampled("PickPlace", seed).scene),
            things(perturbed("PickPlace", seed, "layout", 3).scene),
            strict=True,
        )
    ]
    assert np.mean(moved) > 0.8


def test_where_nothing_stands_freely_the_robot_stands_elsewhere() -> None:
    after = perturbed("OpenDrawer", 3, "layout", 4)
    assert math.hypot(*after.start[:2]) == pytest.approx(0.08)


@given(st.integers(0, 10_000), st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_the_robot_starts_within_its_joints_ranges(seed: int, level: int) -> None:
    before, after = sampled("PickPlace", seed), perturbed("PickPlace", seed, "robot_start", level)
    assert math.hypot(*after.start[:2]) == pytest.approx(0.01 * level)
    assert abs(after.start[2]) <= math.radians(2.0 * level)
    changes = np.array(after.dynamics.posture) - np.array(before.dynamics.posture)
    assert 0.0 < np.abs(changes).max() <= 0.05 * level + 1e-9
    for name, position in zip(JOINT_NAMES, after.dynamics.posture, strict=True):
        low, high = JOINT_RANGES[name]
        assert low <= position <= high


@pytest.mark.parametrize(("task", "axis"), [("Sort", "robot_start"), ("OpenDrawer", "layout")])
def test_the_robot_begins_inside_nothing(task: str, axis: str) -> None:
    for seed in range(12):
        episode = perturbed(task, seed, axis, 5)
        assert ClearStart(episode).holds(episode)
    inside = replace(sampled(task, 0), start=(0.4, 0.0, 0.0))
    assert not ClearStart(inside).holds(inside)


def test_physics_gets_harder_by_the_factors_of_the_level() -> None:
    before, after = sampled("PickPlace", 2), perturbed("PickPlace", 2, "physics", 5)
    for old, new in zip(before.scene.objects, after.scene.objects, strict=True):
        assert new.mass == pytest.approx(3.0 * old.mass)
        assert new.friction == pytest.approx(0.5 * old.friction)
    assert after.dynamics.friction_scale == pytest.approx(3.0 * before.dynamics.friction_scale)
    assert after.dynamics.strength == pytest.approx(
        [0.85 * one for one in before.dynamics.strength]
    )


def test_pushes_come_all_the_time_beside_the_episodes_own() -> None:
    before, after = (
        sampled("PickPlace", 2).dynamics,
        perturbed("PickPlace", 2, "pushes", 4).dynamics,
    )
    added = [push for push in after.pushes if push not in before.pushes]
    assert len(added) == 10
    assert set(before.pushes) <= set(after.pushes)
    for index, push in enumerate(added):
        assert 2.0 * index + 1.0 <= push.start <= 2.0 * index + 2.0
        assert math.hypot(*push.force) == pytest.approx(60.0)


def observed(instruction: str = "") -> Observation:
    rng = np.random.default_rng(0)
    image = rng.integers(60, 200, (32, 32, 3), dtype=np.uint8)
    state = np.zeros(len(FIELDS), dtype=np.float32)
    return {"images/head": image, "state": state, "instruction": instruction}


def test_worse_sensors_spoil_readings_and_images_but_no_commands() -> None:
    episode = sampled("PickPlace", 5)
    seen: list[Observation] = []
    for _ in range(2):
        (view,) = views(Condition("sensor_noise", 5), FIELDS)
        view.begin(episode)
        seen.append([view.change(observed()) for _ in range(30)][-1])
    states = [np.asarray(one["state"], dtype=np.float32) for one in seen]
    images = [np.asarray(one["images/head"], dtype=np.uint8) for one in seen]
    assert np.array_equal(states[0], states[1])
    assert np.array_equal(images[0], images[1])
    still = np.array([field.name.endswith("_command") for field in FIELDS])
    assert not states[0][still].any()
    assert states[0][~still].all()
    positions = states[0][: len(JOINT_NAMES)]
    assert 0.012 < positions.std() < 0.03
    assert images[0].dtype == np.uint8
    before = np.asarray(observed()["images/head"], dtype=np.uint8).mean()
    assert abs(images[0].mean() / before - 1.0) > 0.3


@pytest.mark.parametrize("level", range(1, 6))
def test_language_is_spoiled_the_same_way_every_time(level: int) -> None:
    episode = sampled("PickPlace", 11)
    told = episode.instruction.text
    (view,) = views(Condition("language", level), FIELDS)
    view.begin(episode)
    said = {str(view.change(observed(told))["instruction"]) for _ in range(3)}
    (words,) = said
    assert words != told
    if level == 1:
        assert words in episode.instruction.paraphrases
        assert load_task("PickPlace").understand(words, episode.scene) == episode.goal


@given(st.integers(0, 1000), st.sampled_from(SPEECH))
def test_a_spoiled_sentence_has_the_letters_of_the_sentence(seed: int, speech: object) -> None:
    sentence = "Please put the orange mug into the bowl."
    assert isinstance(speech, type(SPEECH[0]))
    said = spoiled(sentence, speech, np.random.default_rng(seed))
    plain = sentence.lower().replace(".", "") if speech.is_sloppy else sentence
    assert sorted(said[-len(plain) :]) == sorted(plain)


def test_answers_come_later_and_later() -> None:
    assert [latency(Condition("latency", level)) for level in range(1, 6)] == list(LATENCIES)
    assert latency(Condition("camera", 5)) == 0
