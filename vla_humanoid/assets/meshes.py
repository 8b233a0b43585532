"""Triangle meshes of forms that no primitive has: surfaces of revolution and handles."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from vla_humanoid.assets.parts import Mesh
from vla_humanoid.schema import FloatArray

Profile: TypeAlias = Sequence[tuple[float, float]]
Triangle: TypeAlias = tuple[int, int, int]


def revolved(profile: Profile, segments: int = 20) -> Mesh:
    """Return the closed surface that a profile sweeps about the z axis.

    Args:
        profile: (radius, z) [m] along the outside from bottom to top, then, for something hollow,
            down along the inside; both ends are joined to the axis.
        segments: number of straight pieces around the axis.
    """
    angles = 2.0 * np.pi * (np.arange(segments) + 0.5) / segments
    points = [np.array([[0.0, 0.0, profile[0][1]]])]
    points += [_ring(radius, height, angles) for radius, height in profile]
    points.append(np.array([[0.0, 0.0, profile[-1][1]]]))
    apex = 1 + segments * len(profile)
    faces: list[Triangle] = []
    for k in range(segments):
        following = (k + 1) % segments
        faces.append((0, 1 + following, 1 + k))
        for ring in range(len(profile) - 1):
            low, high = 1 + ring * segments, 1 + (ring + 1) * segments
            faces += _quad(low + k, low + following, high + following, high + k)
        top = 1 + (len(profile) - 1) * segments
        faces.append((apex, top + k, top + following))
    return _mesh(np.concatenate(points), faces)


def handle(
    reach: float, half_height: float, thickness: float, width: float, segments: int = 7
) -> Mesh:
    """Return a half ring in the x-z plane that bulges toward +x and ends at x = 0.

    Args:
        reach: how far its outside stands out [m].
        half_height: half its outer height [m].
        thickness: of the band in its plane [m].
        width: of the band across its plane, along y [m].
        segments: number of straight pieces.
    """
    angles = np.linspace(-0.5 * np.pi, 0.5 * np.pi, segments + 1)
    points: list[tuple[float, float, float]] = []
    for c, s in zip(np.cos(angles), np.sin(angles), strict=True):
        outer = (reach * c, half_height * s)
        inner = ((reach - thickness) * c, (half_height - thickness) * s)
        for (x, z), y in ((outer, -1), (outer, 1), (inner, 1), (inner, -1)):
            points.append((x, 0.5 * width * y, z))
    faces: list[Triangle] = _quad(3, 2, 1, 0)
    for k in range(segments):
        low, high = 4 * k, 4 * (k + 1)
        for i in range(4):
            j = (i + 1) % 4
            faces += _quad(low + i, low + j, high + j, high + i)
    last = 4 * segments
    faces += _quad(last, last + 1, last + 2, last + 3)
    return _mesh(np.array(points), faces)


def _ring(radius: float, height: float, angles: FloatArray) -> FloatArray:
    return np.column_stack(
        [radius * np.cos(angles), radius * np.sin(angles), np.full(len(angles), height)]
    )


def _quad(a: int, b: int, c: int, d: int) -> list[Triangle]:
    return [(a, b, c), (a, c, d)]


def _mesh(vertices: FloatArray, faces: Sequence[Triangle]) -> Mesh:
    return Mesh(tuple((float(x), float(y), float(z)) for x, y, z in vertices), tuple(faces))
