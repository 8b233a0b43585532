"""Where line segments come closest to each other."""

import numpy as np

from vla_humanoid.schema import FloatArray

_PARALLEL = 1e-9
"""Least squared sine of the angle at which two segments count as crossing."""


def closest_parameters(
    aa: FloatArray, bb: FloatArray, ab: FloatArray, a_apart: FloatArray, b_apart: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return where on each of n pairs of segments the two are closest, as parameters in [0, 1].

    A segment is ``start + parameter * span``, of some length. Where two are parallel and overlap,
    any of their closest points may be returned. Source: C. Ericson, "Real-Time Collision
    Detection", 2005, section 5.1.9.

    Args:
        aa: squared lengths of the first spans [m^2], shape (n,).
        bb: squared lengths of the second spans [m^2], shape (n,).
        ab: scalar products of first and second spans [m^2], shape (n,).
        a_apart: scalar products of the first spans with what leads from the second starts to the
            first [m^2], shape (n,).
        b_apart: scalar products of the second spans with the same [m^2], shape (n,).

    Returns:
        Parameters on the first and on the second segments, shape (n,) each.
    """
    squares = aa * bb
    lines = (ab * b_apart - bb * a_apart) / np.maximum(squares - ab * ab, _PARALLEL * squares)
    on_b = _within((ab * _within(lines) + b_apart) / bb)
    # For a point on b that was not clipped, this gives the clipped point on a once more.
    return _within((ab * on_b - a_apart) / aa), on_b


def dots(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the scalar products of rows, shape (n,)."""
    return np.einsum("ij,ij->i", a, b)


def _within(parameter: FloatArray) -> FloatArray:
    return np.minimum(np.maximum(parameter, 0.0), 1.0)
