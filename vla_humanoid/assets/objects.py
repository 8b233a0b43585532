"""The library of graspable objects, as plain data; no engine is imported.

An object's frame has its origin halfway up its vertical axis, z up as it stands on a table. The
sizes fit a Dex3 hand that grasps from above: 4.5 to 6 cm between the thumb and two fingers that
are 5.7 cm apart.
"""

import math
from collections.abc import Mapping

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.meshes import handle, revolved
from vla_humanoid.assets.object_model import ALONG_X, ALONG_Y, PINCH_DEPTH, ObjectModel
from vla_humanoid.assets.parts import (
    FOOT_HEIGHT,
    Box,
    Capsule,
    Part,
    Sphere,
    feet,
    hidden,
    hidden_cylinder,
    look,
)
from vla_humanoid.assets.scene import AnyShape, Rgb
from vla_humanoid.assets.tools import hook, jug, marble

__all__ = ["COLORS", "OBJECTS", "ObjectModel"]

METAL: Rgb = (0.78, 0.79, 0.81)
DARK: Rgb = (0.20, 0.20, 0.22)

LIE_ALONG_X = (math.sqrt(0.5), 0.0, math.sqrt(0.5), 0.0)
"""Turns the z axis of a part onto x."""


def _cube() -> ObjectModel:
    half = 0.027
    return ObjectModel(
        size=(2 * half, 2 * half, 2 * half),
        half_height=half,
        footprint_radius=half * math.sqrt(2.0),
        mass=0.10,
        grasp_height=half - PINCH_DEPTH,
        grasp_width=2 * half,
        grasp_yaws=(ALONG_X, ALONG_Y),
        parts=(Part(Box((half, half, half)), mass_share=1.0),),
    )


def _block() -> ObjectModel:
    half_x, half_y, half_z = 0.044, 0.023, 0.026
    return ObjectModel(
        size=(2 * half_x, 2 * half_y, 2 * half_z),
        half_height=half_z,
        footprint_radius=math.hypot(half_x, half_y),
        mass=0.12,
        grasp_height=half_z - PINCH_DEPTH,
        grasp_width=2 * half_y,
        grasp_yaws=(ALONG_Y,),
        parts=(Part(Box((half_x, half_y, half_z)), mass_share=1.0),),
    )


def _cylinder() -> ObjectModel:
    radius, half = 0.0275, 0.035
    return ObjectModel(
        size=(2 * radius, 2 * radius, 2 * half),
        half_height=half,
        footprint_radius=radius,
        mass=0.11,
        grasp_height=half - PINCH_DEPTH,
        grasp_width=2 * radius,
        grasp_yaws=None,
        parts=(
            hidden_cylinder(radius, FOOT_HEIGHT - half, half, mass_share=1.0),
            *feet(radius, -half),
            look(revolved([(radius, -half), (radius, half)])),
        ),
    )


def _can() -> ObjectModel:
    radius, half = 0.0285, 0.05
    rim_radius, inside, label = 0.025, radius - 0.001, 0.043
    return ObjectModel(
        size=(2 * radius, 2 * radius, 2 * half),
        half_height=half,
        footprint_radius=radius,
        mass=0.15,
        grasp_height=half - PINCH_DEPTH,
        grasp_width=2 * radius,
        grasp_yaws=None,
        parts=(
            hidden_cylinder(radius, FOOT_HEIGHT - half, half, mass_share=1.0),
            *feet(radius, -half),
            look(revolved([(radius, -label), (radius, label)])),
            look(
                revolved(
                    [
                        (rim_radius, -half),
                        (inside, -label),
                        (inside, label),
                        (rim_radius, half),
                        (rim_radius - 0.002, half),
                        (rim_radius - 0.004, half - 0.003),
                    ]
                ),
                rgb=METAL,
                finish="metal",
            ),
            look(Box((0.009, 0.004, 0.001)), (0.006, 0.0, half - 0.002), rgb=DARK, finish="metal"),
        ),
    )


def _ball() -> ObjectModel:
    radius = 0.029
    return ObjectModel(
        size=(2 * radius, 2 * radius, 2 * radius),
        half_height=radius,
        footprint_radius=radius,
        mass=0.06,
        grasp_height=0.0,
        grasp_width=2 * radius,
        grasp_yaws=None,
        parts=(Part(Sphere(radius), mass_share=1.0),),
        rolls=True,
    )


def _bottle() -> ObjectModel:
    radius, neck, half = 0.034, 0.0245, 0.07
    shoulder, collar, cap = 0.008, 0.028, 0.058
    return ObjectModel(
        size=(2 * radius, 2 * radius, 2 * half),
        half_height=half,
        footprint_radius=radius,
        mass=0.14,
        grasp_height=half - PINCH_DEPTH,
        grasp_width=2 * neck,
        grasp_yaws=None,
        parts=(
            hidden_cylinder(radius, FOOT_HEIGHT - half, shoulder, mass_share=0.7),
            hidden_cylinder(neck, shoulder, half, mass_share=0.3),
            *feet(radius, -half),
            look(
                revolved(
                    [
                        (radius - 0.002, -half),
                        (radius, -half + 0.003),
                        (radius, shoulder - 0.008),
                        (radius - 0.003, shoulder),
                        (neck, collar),
                        (neck, cap),
                    ]
                )
            ),
            look(revolved([(neck + 0.001, cap), (neck, half)]), rgb=METAL, finish="metal"),
        ),
    )


def _mug() -> ObjectModel:
    radius, half, wall = 0.029, 0.0375, 0.003
    reach, handle_half = 0.022, 0.025
    return ObjectModel(
        size=(2 * radius + reach, 2 * radius, 2 * half),
        half_height=half,
        footprint_radius=radius + reach,
        mass=0.16,
        grasp_height=half - PINCH_DEPTH,
        grasp_width=2 * radius,
        grasp_yaws=(ALONG_Y,),
        parts=(
            hidden_cylinder(radius, FOOT_HEIGHT - half, half, mass_share=0.94),
            hidden(Box((0.5 * reach, 0.005, handle_half)), (radius + 0.5 * reach, 0.0, 0.0), 0.06),
            *feet(radius, -half),
            look(
                revolved(
                    [
                        (radius - 0.002, -half),
                        (radius, -half + 0.003),
                        (radius, half),
                        (radius - wall, half),
                        (radius - wall, -half + 0.006),
                    ]
                ),
                finish="ceramic",
            ),
            look(
                handle(reach + wall, handle_half, 0.008, 0.010),
                (radius - wall, 0.0, 0.0),
                finish="ceramic",
            ),
        ),
    )


def _cup() -> ObjectModel:
    base, brim, half, wall = 0.0235, 0.030, 0.0425, 0.002
    grasp_height = half - PINCH_DEPTH
    return ObjectModel(
        size=(2 * brim, 2 * brim, 2 * half),
        half_height=half,
        footprint_radius=brim,
        mass=0.07,
        grasp_height=grasp_height,
        grasp_width=2 * base + (brim - base) * (grasp_height + half) / half,
        grasp_yaws=None,
        parts=(
            hidden(revolved([(base, FOOT_HEIGHT - half), (brim, half)], 12), mass_share=1.0),
            *feet(base, -half),
            look(
                revolved(
                    [
                        (base, -half),
                        (brim, half),
                        (brim - wall, half),
                        (base - wall, -half + 0.004),
                    ]
                )
            ),
        ),
    )


def _hexagonal_prism() -> ObjectModel:
    apothem, half = 0.0275, 0.030
    radius = apothem / math.cos(math.pi / 6)
    return ObjectModel(
        size=(2 * apothem, 2 * radius, 2 * half),
        half_height=half,
        footprint_radius=radius,
        mass=0.10,
        grasp_height=half - PINCH_DEPTH,
        grasp_width=2 * apothem,
        grasp_yaws=(0.0, math.pi / 3, 2 * math.pi / 3),
        parts=(
            Part(revolved([(radius, FOOT_HEIGHT - half), (radius, half)], 6), mass_share=1.0),
            *feet(apothem, -half),
        ),
    )


def _egg() -> ObjectModel:
    radius, half_length = 0.0265, 0.036
    stations = (math.pi * (k / 10 - 0.5) for k in range(1, 10))
    profile = [
        (radius * math.cos(t) * (1.0 - 0.16 * math.sin(t)), half_length * math.sin(t))
        for t in stations
    ]
    return ObjectModel(
        size=(2 * half_length, 2 * radius, 2 * radius),
        half_height=radius,
        footprint_radius=half_length,
        mass=0.07,
        grasp_height=0.0,
        grasp_width=2 * radius,
        grasp_yaws=(ALONG_Y,),
        parts=(
            Part(
                Capsule(radius, half_length - radius),
                quat_wxyz=LIE_ALONG_X,
                visible=False,
                mass_share=1.0,
            ),
            look(revolved(profile, 16), quat_wxyz=LIE_ALONG_X),
        ),
        rolls=True,
    )


def _box() -> ObjectModel:
    half_x, half_y, half_z = 0.10, 0.12, 0.085
    tape, film = 0.025, 0.001
    return ObjectModel(
        size=(2 * half_x, 2 * half_y, 2 * half_z),
        half_height=half_z,
        footprint_radius=math.hypot(half_x, half_y),
        mass=0.8,
        grasp_height=0.0,
        grasp_width=2 * half_y,
        grasp_yaws=(ALONG_Y,),
        parts=(
            Part(Box((half_x, half_y, half_z)), mass_share=1.0),
            look(Box((half_x + film, tape, half_z + film)), shade=0.6),
        ),
    )


def _baton() -> ObjectModel:
    half_x, half_y, half_z = 0.022, 0.13, 0.024
    end, film = 0.02, 0.0005
    return ObjectModel(
        size=(2 * half_x, 2 * half_y, 2 * half_z),
        half_height=half_z,
        footprint_radius=math.hypot(half_x, half_y),
        mass=0.15,
        grasp_height=half_z - PINCH_DEPTH,
        grasp_width=2 * half_x,
        grasp_yaws=(ALONG_X,),
        parts=(
            Part(Box((half_x, half_y, half_z)), mass_share=1.0),
            *(
                look(
                    Box((half_x + film, end, half_z + film)),
                    (0.0, side * (half_y - end + film), 0.0),
                    rgb=DARK,
                )
                for side in (-1.0, 1.0)
            ),
        ),
    )


def _sponge() -> ObjectModel:
    half_x, half_y, half_z = 0.027, 0.055, 0.027
    pad, film = 0.006, 0.0005
    return ObjectModel(
        size=(2 * half_x, 2 * half_y, 2 * half_z),
        half_height=half_z,
        footprint_radius=math.hypot(half_x, half_y),
        mass=0.05,
        grasp_height=half_z - PINCH_DEPTH,
        grasp_width=2 * half_x,
        grasp_yaws=(ALONG_X,),
        parts=(
            Part(Box((half_x, half_y, half_z)), mass_share=1.0),
            look(Box((half_x + film, half_y + film, pad)), (0.0, 0.0, pad - half_z), shade=0.5),
        ),
    )


OBJECTS: Mapping[AnyShape, ObjectModel] = {
    "cube": _cube(),
    "block": _block(),
    "cylinder": _cylinder(),
    "can": _can(),
    "ball": _ball(),
    "bottle": _bottle(),
    "mug": _mug(),
    "cup": _cup(),
    "hexagonal prism": _hexagonal_prism(),
    "egg": _egg(),
    "box": _box(),
    "baton": _baton(),
    "sponge": _sponge(),
    "hook": hook(),
    "jug": jug(),
    "marble": marble(),
}
"""Every shape of an object."""
