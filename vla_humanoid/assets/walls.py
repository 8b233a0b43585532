"""Walls of hollow things that are round: slabs that stand around an axis."""

import math

from vla_humanoid.assets.parts import Box, Part
from vla_humanoid.assets.scene import Quat, Vec3


def ring_of_walls(
    count: int,
    bottom: tuple[float, float],
    top: tuple[float, float],
    thickness: float,
    mass_share: float,
) -> tuple[Part, ...]:
    """Return hidden slabs that stand around the z axis as the sides of a funnel.

    Args:
        count: number of slabs.
        bottom: (radius, z) of the lower edge of the inside.
        top: (radius, z) of its upper edge.
        thickness: of the slabs.
        mass_share: of all slabs together.
    """
    outward, upward = top[0] - bottom[0], top[1] - bottom[1]
    length, tilt = math.hypot(outward, upward), math.atan2(outward, upward)
    radius = 0.5 * (bottom[0] + top[0]) + 0.5 * thickness * math.cos(tilt)
    height = 0.5 * (bottom[1] + top[1]) - 0.5 * thickness * math.sin(tilt)
    half_size: Vec3 = (0.5 * thickness, top[0] * math.tan(math.pi / count), 0.5 * length)
    slabs: list[Part] = []
    for k in range(count):
        angle = 2.0 * math.pi * k / count
        slabs.append(
            Part(
                Box(half_size),
                (radius * math.cos(angle), radius * math.sin(angle), height),
                _turned_and_tilted(angle, tilt),
                visible=False,
                mass_share=mass_share / count,
            )
        )
    return tuple(slabs)


def _turned_and_tilted(turn: float, tilt: float) -> Quat:
    """Return the rotation by ``tilt`` about y followed by ``turn`` about z."""
    cz, sz = math.cos(0.5 * turn), math.sin(0.5 * turn)
    cy, sy = math.cos(0.5 * tilt), math.sin(0.5 * tilt)
    return cz * cy, -sz * sy, cz * sy, sz * cy
