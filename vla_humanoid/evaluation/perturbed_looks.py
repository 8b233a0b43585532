"""Axes camera, light and texture: what a scene looks like, beyond what training shows."""

import colorsys
import math
from dataclasses import replace

import numpy as np

from vla_humanoid.assets.scene import CameraOffset, Lighting, Rgb, Scene, Vec3
from vla_humanoid.assets.textures import TEXTURES
from vla_humanoid.control.rotations import quat_multiply, quat_to_rotvec, rotvec_to_quat
from vla_humanoid.evaluation.perturbed_numbers import direction, sign
from vla_humanoid.schema import CAMERAS, FloatArray

CAMERA_SHIFT, CAMERA_TURN, CAMERA_FOVY = 0.015, math.radians(3.0), 2.0
"""Per level: [m], [rad] and [deg]."""
LIGHT_TURN, LIGHT_GAIN, LIGHT_WARMTH = math.radians(10.0), 1.25, 0.04
"""Per level: [rad], factor, and change of the key light's red, opposite to that of its blue."""
LOWEST_LIGHT = math.radians(75.0)
"""Largest angle between the key light and the vertical [rad]."""
TINT = 0.15
"""Part of a surface's colour that is another hue, per level."""


def seen_from_elsewhere(scene: Scene, level: int, rng: np.random.Generator) -> Scene:
    """Return a scene whose cameras are shifted, turned and zoomed by as much as a level says."""
    cameras = {
        camera: _displaced(scene.cameras.get(camera, CameraOffset()), level, rng)
        for camera in CAMERAS
    }
    return replace(scene, cameras=cameras)


def _displaced(offset: CameraOffset, level: int, rng: np.random.Generator) -> CameraOffset:
    shift, turn = (float(level) * direction(rng, 3) for _ in range(2))
    rotation = quat_multiply(
        rotvec_to_quat(CAMERA_TURN * turn), rotvec_to_quat(np.array(offset.rotation))
    )
    return CameraOffset(
        position=_vec3(np.array(offset.position) + CAMERA_SHIFT * shift),
        rotation=_vec3(quat_to_rotvec(rotation)),
        fovy=offset.fovy + sign(rng) * CAMERA_FOVY * level,
    )


def lit_otherwise(scene: Scene, level: int, rng: np.random.Generator) -> Scene:
    """Return a scene whose light comes from elsewhere, is brighter or darker, warmer or colder."""
    light, azimuth = scene.lighting, rng.uniform(-math.pi, math.pi)
    gain = LIGHT_GAIN ** (sign(rng) * level)
    warmth = sign(rng) * LIGHT_WARMTH * level
    tint = warmth * np.array([1.0, 0.0, -1.0])
    return replace(
        scene,
        lighting=Lighting(
            direction=_tilted(np.array(light.direction), LIGHT_TURN * level, azimuth),
            diffuse=_rgb(gain * (np.array(light.diffuse) + tint)),
            ambient=_rgb(gain * np.array(light.ambient)),
        ),
    )


def _tilted(ray: FloatArray, angle: float, azimuth: float) -> Vec3:
    """Return the direction of a light turned by an angle, no lower than it may be."""
    ray = ray / np.linalg.norm(ray)
    axis = np.cross(ray, [math.cos(azimuth), math.sin(azimuth), 0.0])
    axis /= np.linalg.norm(axis)
    turned = math.cos(angle) * ray + math.sin(angle) * np.cross(axis, ray)
    slant = min(math.acos(float(np.clip(-turned[2], -1.0, 1.0))), LOWEST_LIGHT)
    around = math.atan2(turned[1], turned[0])
    level = math.sin(slant)
    return level * math.cos(around), level * math.sin(around), -math.cos(slant)


def surfaced_otherwise(scene: Scene, level: int, rng: np.random.Generator) -> Scene:
    """Return a scene whose floor and table have another texture, and more and more of a hue."""
    floor_hue, table_hue = rng.random(2)
    draws = rng.permutation(list(TEXTURES)).tolist()
    table = scene.table
    if table is not None:
        table = replace(
            table,
            texture=next(one for one in draws if one != table.texture),
            rgb=_tinted(table.rgb, float(table_hue), level),
        )
    return replace(
        scene,
        table=table,
        floor_texture=next(one for one in reversed(draws) if one != scene.floor_texture),
        floor_rgb=_tinted(scene.floor_rgb, float(floor_hue), level),
    )


def _tinted(rgb: Rgb, hue: float, level: int) -> Rgb:
    share = TINT * level
    full = np.array(colorsys.hsv_to_rgb(hue, 1.0, max(rgb)))
    return _rgb((1.0 - share) * np.array(rgb) + share * full)


def _rgb(values: FloatArray) -> Rgb:
    return _vec3(np.clip(values, 0.0, 1.0))


def _vec3(values: FloatArray) -> Vec3:
    x, y, z = (float(value) for value in values)
    return x, y, z
