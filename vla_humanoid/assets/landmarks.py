"""The library of landmarks, as plain data; no engine is imported.

A landmark's frame has its origin in the middle of its underside, z up. They end below the height at
which the head camera, which looks down at the hands, would cut them off from two metres away.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from vla_humanoid.assets.meshes import revolved
from vla_humanoid.assets.parts import Box, Cylinder, Part, Sphere, hidden_cylinder, look
from vla_humanoid.assets.scene import LandmarkShape, Rgb

_WHITE: Rgb = (0.88, 0.88, 0.86)
_DARK: Rgb = (0.10, 0.10, 0.11)


@dataclass(frozen=True)
class LandmarkModel:
    """What is known of a landmark, at scale 1.

    Args:
        radius: of the circle about the origin that covers it, seen from above [m].
        height: of its highest point [m].
        parts: what it is made of.
    """

    radius: float
    height: float
    parts: tuple[Part, ...]


def _cone() -> LandmarkModel:
    """A traffic cone with a white band on a square foot."""
    foot, foot_height, bottom, top, height = 0.17, 0.035, 0.13, 0.025, 0.56

    def radius(z: float) -> float:
        return bottom + (top - bottom) * (z - foot_height) / (height - foot_height)

    def frustum(
        low: float, high: float, *, outside: float = 0.0
    ) -> tuple[tuple[float, float], ...]:
        return ((radius(low) + outside, low), (radius(high) + outside, high))

    steps = [foot_height + k * (height - foot_height) / 5 for k in range(6)]
    return LandmarkModel(
        radius=math.sqrt(2.0) * foot,
        height=height,
        parts=(
            Part(Box((foot, foot, 0.5 * foot_height)), (0.0, 0.0, 0.5 * foot_height), shade=0.6),
            # Each as wide as the cone at its lower end, so that nothing sinks into the slant.
            *(hidden_cylinder(radius(low), low, high) for low, high in pairwise(steps)),
            look(revolved(frustum(foot_height, height))),
            look(revolved(frustum(0.25, 0.36, outside=0.002)), rgb=_WHITE),
        ),
    )


def _pillar() -> LandmarkModel:
    """A slender column between two square plates."""
    plate, plate_height, radius, height = 0.12, 0.05, 0.075, 0.68
    middle = 0.5 * plate_height
    return LandmarkModel(
        radius=math.sqrt(2.0) * plate,
        height=height,
        parts=(
            Part(Box((plate, plate, middle)), (0.0, 0.0, middle), shade=0.7),
            Part(
                Cylinder(radius, 0.5 * height - plate_height),
                (0.0, 0.0, 0.5 * height),
            ),
            Part(Box((plate, plate, middle)), (0.0, 0.0, height - middle), shade=0.7),
        ),
    )


def _crate() -> LandmarkModel:
    """A cube with a frame around each of its faces."""
    half, beam = 0.18, 0.022
    inner = half - 0.012
    edges: list[Part] = []
    for u in (-1.0, 1.0):
        for v in (-1.0, 1.0):
            a, b = u * (half - beam), v * (half - beam)
            # Beams along x, y and z; those along x are shortest, so that no faces coincide.
            edges += [
                look(Box((half - 2.0 * beam, beam, beam)), (0.0, a, half + b), shade=0.6),
                look(Box((beam, half - 2.0 * beam, beam)), (a, 0.0, half + b), shade=0.6),
                look(Box((beam, beam, half)), (a, b, half), shade=0.6),
            ]
    solid = Part(Box((half, half, half)), (0.0, 0.0, half), visible=False)
    return LandmarkModel(
        radius=math.sqrt(2.0) * half,
        height=2.0 * half,
        parts=(solid, look(Box((inner, inner, inner)), (0.0, 0.0, half)), *edges),
    )


def _barrel() -> LandmarkModel:
    """A bulging drum with two dark hoops and a dark lid."""
    end, waist, height = 0.155, 0.195, 0.56

    def radius(z: float) -> float:
        return waist - (waist - end) * (2.0 * z / height - 1.0) ** 2

    def band(low: float, high: float, outside: float = 0.0) -> tuple[tuple[float, float], ...]:
        heights = (low + k * (high - low) / 8 for k in range(9))
        return tuple((radius(z) + outside, z) for z in heights)

    return LandmarkModel(
        radius=waist,
        height=height,
        parts=(
            hidden_cylinder(0.5 * (end + waist), 0.0, 0.2 * height),
            hidden_cylinder(waist, 0.2 * height, 0.8 * height),
            hidden_cylinder(0.5 * (end + waist), 0.8 * height, height),
            look(revolved(band(0.0, height))),
            look(revolved(band(0.11, 0.15, 0.005)), rgb=_DARK, finish="metal"),
            look(revolved(band(0.41, 0.45, 0.005)), rgb=_DARK, finish="metal"),
            look(Cylinder(end - 0.02, 0.002), (0.0, 0.0, height), shade=0.5),
        ),
    )


def _ball() -> LandmarkModel:
    """A gym ball with two white rings around it."""
    radius, ring = 0.24, 0.025
    center = (0.0, 0.0, radius)

    def zone(half_height: float, steps: int, outside: float) -> tuple[tuple[float, float], ...]:
        angle = math.asin(half_height / radius)
        angles = (angle * (2.0 * k / steps - 1.0) for k in range(steps + 1))
        return tuple(
            ((radius + outside) * math.cos(a), (radius + outside) * math.sin(a)) for a in angles
        )

    band = revolved(zone(ring, 2, 0.003))
    quarter = math.sqrt(0.5)
    return LandmarkModel(
        radius=radius,
        height=2.0 * radius,
        parts=(
            Part(Sphere(radius), center, visible=False),
            look(revolved(zone(0.999 * radius, 12, 0.0)), center),
            look(band, center, quat_wxyz=(quarter, quarter, 0.0, 0.0), rgb=_WHITE),
            look(band, center, quat_wxyz=(quarter, 0.0, quarter, 0.0), rgb=_WHITE),
        ),
    )


LANDMARKS: Mapping[LandmarkShape, LandmarkModel] = {
    "cone": _cone(),
    "pillar": _pillar(),
    "crate": _crate(),
    "barrel": _barrel(),
    "ball": _ball(),
}
"""Every landmark of the library by its shape."""
