"""Domain randomization of what a scene looks like; whatever it holds stays where it is."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from vla_humanoid.assets.objects import COLORS
from vla_humanoid.assets.scene import (
    CameraOffset,
    Container,
    Fixture,
    FloorPath,
    GraspableObject,
    Landmark,
    Lighting,
    Rgb,
    Scene,
    StaticBox,
    TableMark,
    Vec3,
)
from vla_humanoid.assets.textures import TEXTURES
from vla_humanoid.schema import CAMERAS
from vla_humanoid.tasks.core.randomization import EpisodeRandom

SHADE_BRIGHTNESS = (0.85, 1.15)
"""Factor on the brightness of a named colour; the name must still fit."""
SHADE_TINT = 0.03
"""Largest change of each channel of a named colour."""
SURFACE_BRIGHTNESS = (0.35, 0.85)
"""Grey level of the table and the floor."""
SURFACE_TINT = 0.10
"""Largest deviation of each of their channels from grey, so that named colours stand out."""

LIGHT_SLANT = math.radians(40.0)
"""Largest angle between the key light and the vertical [rad]."""
LIGHT_DIFFUSE = (0.45, 0.85)
LIGHT_AMBIENT = (0.25, 0.5)
LIGHT_WARMTH = 0.06
"""Largest change of the key light's red, opposite to that of its blue."""

CAMERA_POSITION_SIGMA = 0.01
"""[m]"""
CAMERA_ROTATION_SIGMA = math.radians(2.0)
"""[rad]"""
CAMERA_FOVY_SIGMA = 2.0
"""[deg]"""
SIGMA_BOUND = 2.0
"""Camera offsets are cut off at this many standard deviations."""

ColoredT = TypeVar(
    "ColoredT", GraspableObject, Container, Landmark, FloorPath, Fixture, StaticBox, TableMark
)


def randomize_appearance(scene: Scene, random: EpisodeRandom) -> Scene:
    """Return a scene with colours, textures, lighting and cameras of the episode.

    The axes are "colors", "textures", "lighting" and "camera"; one that is off leaves its part of
    the scene as it was.
    """
    if random.is_on("colors"):
        scene = _recolor(scene, random.stream("colors"))
    if random.is_on("textures"):
        scene = _retexture(scene, random.stream("textures"))
    if random.is_on("lighting"):
        scene = replace(scene, lighting=_lighting(random.stream("lighting")))
    if random.is_on("camera"):
        rng = random.stream("camera")
        scene = replace(scene, cameras={camera: _camera_offset(rng) for camera in CAMERAS})
    return scene


def _recolor(scene: Scene, rng: np.random.Generator) -> Scene:
    # A generator each, so that one more object does not change the colour of a container.
    floor_rng, table_rng, object_rng, container_rng, landmark_rng, path_rng, *rest = rng.spawn(9)
    fixture_rng, box_rng, mark_rng = rest
    table = scene.table
    return replace(
        scene,
        floor_rgb=_surface(floor_rng),
        table=None if table is None else replace(table, rgb=_surface(table_rng)),
        objects=_shaded(scene.objects, object_rng),
        containers=_shaded(scene.containers, container_rng),
        landmarks=_shaded(scene.landmarks, landmark_rng),
        paths=_shaded(scene.paths, path_rng),
        fixtures=_shaded(scene.fixtures, fixture_rng),
        boxes=_shaded(scene.boxes, box_rng),
        marks=_shaded(scene.marks, mark_rng),
    )


def _shaded(things: Sequence[ColoredT], rng: np.random.Generator) -> tuple[ColoredT, ...]:
    return tuple(replace(thing, rgb=_shade(COLORS[thing.color], rng)) for thing in things)


def _shade(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    brightness = rng.uniform(*SHADE_BRIGHTNESS)
    return _rgb(brightness * np.array(rgb) + rng.uniform(-SHADE_TINT, SHADE_TINT, size=3))


def _surface(rng: np.random.Generator) -> Rgb:
    return _rgb(rng.uniform(*SURFACE_BRIGHTNESS) + rng.uniform(-SURFACE_TINT, SURFACE_TINT, size=3))


def _retexture(scene: Scene, rng: np.random.Generator) -> Scene:
    floor, table = (str(name) for name in rng.choice(list(TEXTURES), size=2))
    if scene.table is None:
        return replace(scene, floor_texture=floor)
    return replace(scene, floor_texture=floor, table=replace(scene.table, texture=table))


def _lighting(rng: np.random.Generator) -> Lighting:
    slant, azimuth = rng.uniform(0.0, LIGHT_SLANT), rng.uniform(-math.pi, math.pi)
    level, warmth = rng.uniform(*LIGHT_DIFFUSE), rng.uniform(-LIGHT_WARMTH, LIGHT_WARMTH)
    direction = (
        math.sin(slant) * math.cos(azimuth),
        math.sin(slant) * math.sin(azimuth),
        -math.cos(slant),
    )
    return Lighting(
        direction=direction,
        diffuse=_rgb(level + warmth * np.array([1.0, 0.0, -1.0])),
        ambient=_rgb(np.full(3, rng.uniform(*LIGHT_AMBIENT))),
    )


def _camera_offset(rng: np.random.Generator) -> CameraOffset:
    noise = np.clip(rng.standard_normal(7), -SIGMA_BOUND, SIGMA_BOUND)
    return CameraOffset(
        position=_vec3(CAMERA_POSITION_SIGMA * noise[:3]),
        rotation=_vec3(CAMERA_ROTATION_SIGMA * noise[3:6]),
        fovy=float(CAMERA_FOVY_SIGMA * noise[6]),
    )


def _rgb(values: np.ndarray) -> Rgb:
    return _vec3(np.clip(values, 0.0, 1.0))


def _vec3(values: np.ndarray) -> Vec3:
    x, y, z = (float(value) for value in values)
    return x, y, z
