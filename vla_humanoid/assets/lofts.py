"""Lofts: closed triangle meshes through rounded cross sections, like the shells of robots."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Axis: TypeAlias = Literal["x", "y", "z"]
Section: TypeAlias = tuple[float, float, float, float, float]
"""A rounded rectangle across a loft's axis: position along the axis, two coordinates of the centre
and two half widths [m]. The pairs are (x, y) across z, (y, z) across x and (z, x) across y."""

_ACROSS: dict[Axis, tuple[int, int, int]] = {"x": (1, 2, 0), "y": (2, 0, 1), "z": (0, 1, 2)}
_SHARE_OF_CORNER = np.cos(np.deg2rad(15.0))


def loft(
    axis: Axis, sections: Sequence[Section], roundness: float, corner_points: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Span a closed surface through cross sections.

    Returns its vertices [m], shape (n, 3), and its triangles as vertex indices, counter-clockwise
    seen from outside, shape (m, 3).

    Args:
        axis: the axis of the loft.
        sections: at least two, in ascending order along the axis.
        roundness: 1 makes ellipses of the sections, near 0 rectangles.
        corner_points: vertices per corner of a section, at least two.

    Raises:
        ValueError: if the sections are too few or out of order.
    """
    if len(sections) < 2 or any(low[0] >= high[0] for low, high in pairwise(sections)):
        raise ValueError("A loft needs two or more sections in ascending order along its axis.")
    outline = _outline(roundness, corner_points)
    rings = [np.array(section[1:3]) + np.array(section[3:5]) * outline for section in sections]
    n = len(outline)
    # The end caps have vertices of their own, so that their edges are shaded sharply.
    flat = np.concatenate([*rings, rings[0], rings[-1]])
    heights = [section[0] for section in (*sections, sections[0], sections[-1])]
    u, v, w = _ACROSS[axis]
    vertices = np.empty((len(flat), 3))
    vertices[:, [u, v]] = flat
    vertices[:, w] = np.repeat(heights, n)

    k = np.arange(n)
    after = (k + 1) % n
    faces: list[NDArray[np.int64]] = []
    for ring in range(len(sections) - 1):
        low, high = ring * n, (ring + 1) * n
        faces.append(np.column_stack([low + k, low + after, high + after]))
        faces.append(np.column_stack([low + k, high + after, high + k]))
    fan = np.column_stack([np.zeros(n - 2, dtype=np.int64), k[1:-1], k[2:]])
    bottom, top = len(sections) * n, (len(sections) + 1) * n
    faces += [bottom + fan[:, ::-1], top + fan]
    return vertices, np.concatenate(faces)


def _outline(roundness: float, corner_points: int) -> NDArray[np.float64]:
    """Return a counter-clockwise rounded square with half width 1, shape (4 corner_points, 2)."""
    # Without 0 and 90 degrees, corners share no vertex even where the outline is a circle.
    angles = np.deg2rad(np.linspace(15.0, 75.0, corner_points))
    arc = np.column_stack([np.cos(angles), np.sin(angles)]) / _SHARE_OF_CORNER
    corner = (1.0 - roundness) + roundness * arc
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    return np.concatenate([corner @ np.linalg.matrix_power(quarter, i) for i in range(4)])
