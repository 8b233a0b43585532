from dataclasses import asdict, replace
from itertools import combinations
from json import dumps

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.randomization import AXES, DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.table_layout import (
    CONTAINER_CLEARANCE,
    OBJECT_CLEARANCE,
    TABLE_HEIGHTS,
)
from vla_humanoid.tasks.core.tabletop import TABLE_HEIGHT, hands_for, sample_tabletop, table_of

seeds = st.integers(0, 2**31)
axes = st.sets(st.sampled_from(AXES)).map(frozenset)


def scene_of(seed: int, on: frozenset[str] = DEFAULT_AXES) -> Scene:
    return sample_tabletop(EpisodeRandom(seed, on))


@settings(max_examples=15, deadline=None)
@given(seeds, axes)
def test_a_seed_is_one_scene(seed: int, on: frozenset[str]):
    assert scene_of(seed, on) == scene_of(seed, on)
    assert dumps(asdict(scene_of(seed, on)))


def test_seeds_differ():
    assert scene_of(1) != scene_of(2)


@settings(max_examples=40, deadline=None)
@given(seeds, axes)
def test_what_is_on_the_table(seed: int, on: frozenset[str]):
    scene = scene_of(seed, on)
    assert 2 <= len(scene.objects) <= 5
    assert 1 <= len(scene.containers) <= 2
    if "distractors" not in on:
        assert len(scene.objects) == 2
    for bodies in (scene.objects, scene.containers):
        assert len({(body.color, body.shape) for body in bodies}) == len(bodies)
    names = [body.name for body in (*scene.objects, *scene.containers)]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    height = table_of(scene).height
    assert TABLE_HEIGHTS[0] <= height <= TABLE_HEIGHTS[1]
    if "table_height" not in on:
        assert height == TABLE_HEIGHT


@settings(max_examples=40, deadline=None)
@given(seeds, axes)
def test_things_keep_clear_and_on_the_table(seed: int, on: frozenset[str]):
    scene = scene_of(seed, on)
    table = table_of(scene)
    circles = [
        (thing.position, thing.scale * OBJECTS[thing.shape].footprint_radius, OBJECT_CLEARANCE)
        for thing in scene.objects
    ] + [
        (box.position, box.scale * CONTAINERS[box.shape].footprint_radius, CONTAINER_CLEARANCE)
        for box in scene.containers
    ]
    for (a, a_radius, a_gap), (b, b_radius, b_gap) in combinations(circles, 2):
        gap = np.hypot(a[0] - b[0], a[1] - b[1]) - a_radius - b_radius
        assert gap >= max(a_gap, b_gap) - 1e-9
    for (x, y, z), radius, _ in circles:
        assert abs(x - table.position[0]) + radius <= 0.5 * table.size[0]
        assert abs(y - table.position[1]) + radius <= 0.5 * table.size[1]
        assert z >= table.height


@settings(max_examples=40, deadline=None)
@given(seeds, axes)
def test_every_object_goes_with_every_container(seed: int, on: frozenset[str]):
    scene = scene_of(seed, on)
    for thing in scene.objects:
        for container in scene.containers:
            assert hands_for(scene, thing, container)


def aspects(scene: Scene) -> dict[str, object]:
    """What each axis is responsible for, of the things that are there whatever the axes."""
    bodies = (*scene.objects[:2], *scene.containers)
    height = table_of(scene).height
    return {
        "kinds": [(body.color, body.shape) for body in bodies],
        "object_pose": [(body.position[:2], body.quat_wxyz) for body in bodies],
        "object_size": [body.scale for body in bodies],
        "object_mass": [body.mass for body in bodies],
        "object_friction": [body.friction for body in bodies],
        "table_height": height,
        "colors": ([body.rgb for body in bodies], table_of(scene).rgb, scene.floor_rgb),
        "textures": (table_of(scene).texture, scene.floor_texture),
        "lighting": scene.lighting,
        "camera": scene.cameras,
        "distractors": len(scene.objects),
    }


@settings(max_examples=60, deadline=None)
@given(seeds, axes, st.sampled_from(AXES))
def test_an_axis_changes_nothing_but_its_own(seed: int, on: frozenset[str], axis: str):
    one, other = aspects(scene_of(seed, on)), aspects(scene_of(seed, on ^ {axis}))
    assert {**one, axis: None} == {**other, axis: None}


@pytest.mark.parametrize(
    "axis", ["object_pose", "object_size", "object_mass", "object_friction", "table_height"]
)
def test_an_axis_that_is_on_varies(axis: str):
    values = {str(aspects(scene_of(seed))[axis]) for seed in range(4)}
    assert len(values) == 4


@pytest.mark.parametrize("on", [DEFAULT_AXES, frozenset[str]()], ids=["default", "none"])
def test_there_may_be_a_second_container_whatever_the_axes(on: frozenset[str]):
    assert {len(scene_of(seed, on).containers) for seed in range(12)} == {1, 2}


def test_a_scene_without_a_table_is_refused():
    with pytest.raises(ValueError, match="needs a scene with a table"):
        table_of(replace(scene_of(0), table=None))
