from colorsys import rgb_to_hsv
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.assets.objects import COLORS
from vla_humanoid.assets.scene import Container, GraspableObject, Rgb, Scene, Table
from vla_humanoid.assets.textures import TEXTURES
from vla_humanoid.schema import CAMERAS
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom

SCENE = Scene(
    table=Table(),
    objects=tuple(
        GraspableObject(f"{color}_cube", "cube", color, rgb, (0.3, 0.0, 0.8))
        for color, rgb in COLORS.items()
    ),
    containers=(Container("blue_plate", "plate", "blue", COLORS["blue"], (0.3, 0.2, 0.7)),),
)
seeds = st.integers(0, 2**31)


def dressed(seed: int, *axes: str) -> Scene:
    return randomize_appearance(SCENE, EpisodeRandom(seed, frozenset(axes or DEFAULT_AXES)))


def test_nothing_changes_where_the_axes_are_off():
    assert randomize_appearance(SCENE, EpisodeRandom(5, frozenset({"object_mass"}))) == SCENE


@given(seeds)
def test_nothing_moves(seed: int):
    scene = dressed(seed)
    for before, after in zip(
        (*SCENE.objects, *SCENE.containers), (*scene.objects, *scene.containers), strict=True
    ):
        assert replace(after, rgb=before.rgb) == before


@pytest.mark.parametrize(
    ("axis", "fields"),
    [
        ("textures", {"floor_texture", "table"}),
        ("lighting", {"lighting"}),
        ("camera", {"cameras"}),
        ("colors", {"table", "objects", "containers", "floor_rgb"}),
    ],
)
def test_an_axis_changes_its_own_part(axis: str, fields: set[str]):
    changed = {
        field
        for seed in range(8)
        for field, value in vars(dressed(seed, axis)).items()
        if value != vars(SCENE)[field]
    }
    assert changed == fields


def nearest_color(rgb: Rgb) -> str:
    """The named colour nearest in hue, saturation and value."""

    def features(color: Rgb) -> np.ndarray:
        hue, saturation, value = rgb_to_hsv(*color)
        chroma = saturation * value
        angle = 2.0 * np.pi * hue
        return np.array([chroma * np.cos(angle), chroma * np.sin(angle), value])

    return min(COLORS, key=lambda name: np.linalg.norm(features(COLORS[name]) - features(rgb)))


@given(seeds)
def test_shades_keep_their_names(seed: int):
    for thing in dressed(seed, "colors").objects:
        assert nearest_color(thing.rgb) == thing.color


@given(seeds)
def test_values_are_within_bounds(seed: int):
    scene = dressed(seed)
    assert scene.table is not None
    assert {scene.floor_texture, scene.table.texture} <= set(TEXTURES)
    assert scene.lighting.direction[2] < -0.7
    colors = [thing.rgb for thing in (*scene.objects, *scene.containers)]
    colors += [scene.floor_rgb, scene.table.rgb, scene.lighting.diffuse, scene.lighting.ambient]
    assert all(0.0 <= channel <= 1.0 for rgb in colors for channel in rgb)
    assert set(scene.cameras) == set(CAMERAS)
    for offset in scene.cameras.values():
        assert max(map(abs, offset.position)) <= 0.02
        assert max(map(abs, offset.rotation)) <= np.deg2rad(4.0) + 1e-9
        assert abs(offset.fovy) <= 4.0


@given(seeds)
def test_one_object_less_changes_no_other_colour(seed: int):
    fewer = replace(SCENE, objects=SCENE.objects[:3])
    scene, other = dressed(seed), randomize_appearance(fewer, EpisodeRandom(seed, DEFAULT_AXES))
    assert other == replace(scene, objects=scene.objects[:3])
