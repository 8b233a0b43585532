"""Rotations in the layouts that others use, as quaternions and rotation vectors, many at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.schema import FloatArray


@dataclass(frozen=True)
class Layout:
    """A way to write a rotation down.

    Args:
        size: how many numbers it takes.
        angles: whether they are angles, which have a unit.
    """

    size: int
    angles: bool = False


_EULER_ORDERS = ("xyz", "zyx")
LAYOUTS: Mapping[str, Layout] = {
    "rotvec": Layout(3, angles=True),
    "quat_wxyz": Layout(4),
    "quat_xyzw": Layout(4),
    **{f"euler_{order}_fixed": Layout(3, angles=True) for order in _EULER_ORDERS},
    **{f"euler_{order}_moving": Layout(3, angles=True) for order in _EULER_ORDERS},
    "6d_columns": Layout(6),
    "6d_rows": Layout(6),
}
"""Euler angles are given in the order in which they are applied, about fixed or moving axes.

6d: the first two columns, or rows, of the rotation matrix (Zhou et al. 2019, who take columns).
"""

_UNIT_TOLERANCE = 0.02


def quats_from(values: FloatArray, layout: str) -> FloatArray:
    """Return quaternions wxyz, shape (n, 4).

    Args:
        values: shape (n, size of the layout); angles in rad.
        layout: one of `LAYOUTS`.

    Raises:
        ValueError: if the numbers are no rotations of that layout.
    """
    match layout:
        case "rotvec":
            return _quats_from_rotvecs(values)
        case "quat_wxyz":
            return _normalized(values, layout)
        case "quat_xyzw":
            return _normalized(np.roll(values, 1, axis=1), layout)
        case "6d_columns" | "6d_rows":
            return _quats_from_6d(values, layout)
        case _:
            _, order, axes = layout.split("_")
            return _quats_from_euler(values, order, fixed=axes == "fixed")


def values_from(quats_wxyz: FloatArray, layout: str) -> FloatArray:
    """Write unit quaternions, shape (n, 4), in a layout, shape (n, its size); angles in rad.

    Of quaternions w is never negative. Where the middle one of Euler angles is a right angle, the
    last one about moving axes, which is the first about fixed ones, is zero.
    """
    quats = np.where(quats_wxyz[:, :1] < 0, -quats_wxyz, quats_wxyz)
    match layout:
        case "rotvec":
            return rotvecs_from(quats)
        case "quat_wxyz":
            return quats
        case "quat_xyzw":
            return np.roll(quats, -1, axis=1)
        case "6d_columns":
            return np.concatenate([rotated(quats, axis) for axis in np.eye(3)[:2, None]], axis=1)
        case "6d_rows":
            return values_from(inverted(quats), "6d_columns")
        case _:
            _, order, axes = layout.split("_")
            return _euler_from(quats, order, fixed=axes == "fixed")


def rotvecs_from(quats_wxyz: FloatArray) -> FloatArray:
    """Return rotation vectors [rad], at most pi long, shape (n, 3), of unit quaternions."""
    quats = np.where(quats_wxyz[:, :1] < 0, -quats_wxyz, quats_wxyz)
    sines = np.linalg.norm(quats[:, 1:], axis=1, keepdims=True)
    angles = 2 * np.arctan2(sines, quats[:, :1])
    # Near zero the angle is twice the sine of its half.
    return quats[:, 1:] * np.where(sines > 1e-12, angles / np.maximum(sines, 1e-12), 2.0)


def multiplied(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return products of quaternions wxyz, shape (n, 4): by ``second``, then by ``first``.

    Either may be a single one, shape (1, 4).
    """
    (w1, x1, y1, z1), (w2, x2, y2, z2) = first.T, second.T
    return np.column_stack(
        [
            w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2,
            w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2,
            w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2,
            w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2,
        ]
    )


def rotated(quats_wxyz: FloatArray, vectors: FloatArray) -> FloatArray:
    """Return vectors, shape (n, 3), turned by unit quaternions, shape (n, 4) or (1, 4)."""
    scalar, axis = quats_wxyz[:, :1], quats_wxyz[:, 1:]
    across = 2.0 * np.cross(axis, vectors)
    return vectors + scalar * across + np.cross(axis, across)


def inverted(quats_wxyz: FloatArray) -> FloatArray:
    """Return the inverses of unit quaternions, shape (n, 4)."""
    return quats_wxyz * np.array([1.0, -1.0, -1.0, -1.0])


def _quats_from_rotvecs(rotvecs: FloatArray) -> FloatArray:
    angles = np.linalg.norm(rotvecs, axis=1, keepdims=True)
    halves = 0.5 * angles
    scale = np.where(angles > 1e-12, np.sin(halves) / np.maximum(angles, 1e-12), 0.5)
    return np.column_stack([np.cos(halves), rotvecs * scale])


def _quats_from_euler(angles: FloatArray, order: str, *, fixed: bool) -> FloatArray:
    quats = np.tile([1.0, 0.0, 0.0, 0.0], (len(angles), 1))
    for axis, column in zip(order, angles.T, strict=True):
        turn = _quats_from_rotvecs(np.outer(column, np.eye(3)["xyz".index(axis)]))
        quats = multiplied(turn, quats) if fixed else multiplied(quats, turn)
    return quats


def _euler_from(quats: FloatArray, order: str, *, fixed: bool) -> FloatArray:
    """Return angles in the order in which they are applied; turns about fixed axes reversed move.

    They are read off the matrix of moving axes i, j, k, whose element (i, k) is the sine of the
    middle angle, but for its sign.
    """
    moving = order[::-1] if fixed else order
    i, j, k = ("xyz".index(axis) for axis in moving)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    matrix = np.stack([rotated(quats, axis) for axis in np.eye(3)[:, None]], axis=2)
    middle = np.arcsin(np.clip(sign * matrix[:, i, k], -1.0, 1.0))
    is_locked = np.abs(matrix[:, i, k]) > 1.0 - 1e-9
    first = np.arctan2(-sign * matrix[:, j, k], matrix[:, k, k])
    last = np.arctan2(-sign * matrix[:, i, j], matrix[:, i, i])
    locked_first = np.arctan2(sign * matrix[:, k, j], matrix[:, j, j])
    first, last = np.where(is_locked, locked_first, first), np.where(is_locked, 0.0, last)
    angles = np.column_stack([first, middle, last])
    return angles[:, ::-1] if fixed else angles


def _quats_from_6d(values: FloatArray, layout: str) -> FloatArray:
    """Orthonormalize as Zhou et al. do, then turn the matrices into quaternions."""
    first = _normalized(values[:, :3], layout, tolerance=0.2)
    second = values[:, 3:] - np.sum(first * values[:, 3:], axis=1, keepdims=True) * first
    second = _normalized(second, layout, tolerance=0.2)
    third = np.cross(first, second)
    matrices = np.stack([first, second, third], axis=2 if layout == "6d_columns" else 1)
    return _quats_from_matrices(matrices)


def _quats_from_matrices(matrices: FloatArray) -> FloatArray:
    """Return quaternions wxyz of rotation matrices, shape (n, 3, 3), by their largest element."""
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = matrices.transpose(1, 2, 0)
    # 4 q q^T, whose row with the largest diagonal is the quaternion but for its length.
    products = np.array(
        [
            [1 + xx + yy + zz, zy - yz, xz - zx, yx - xy],
            [zy - yz, 1 + xx - yy - zz, xy + yx, xz + zx],
            [xz - zx, xy + yx, 1 - xx + yy - zz, yz + zy],
            [yx - xy, xz + zx, yz + zy, 1 - xx - yy + zz],
        ]
    )
    largest = np.argmax(np.einsum("iin->in", products), axis=0)
    rows = products[largest, :, np.arange(len(matrices))]
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _normalized(rows: FloatArray, layout: str, tolerance: float = _UNIT_TOLERANCE) -> FloatArray:
    lengths = np.linalg.norm(rows, axis=1)
    worst = int(np.argmax(np.abs(lengths - 1.0)))
    if not abs(lengths[worst] - 1.0) <= tolerance:
        raise ValueError(f"row {worst} has length {lengths[worst]:.3g}, so it is no {layout}")
    return rows / lengths[:, None]
