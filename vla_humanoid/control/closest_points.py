"""Where line segments come closest to each other."""

import numpy as np

from vla_humanoid.schema import FloatArray

_PARALLEL = 1e-9
"""Least squared sine of the angle at which two segments count as crossing."""


def closest_parameters(
    start_a: FloatArray, span_a: FloatArray, start_b: FloatArray, span_b: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return where on each of n pairs of segments the two are closest, as parameters in [0, 1].

    A segment is ``start + parameter * span``, of some length. Where two are parallel and overlap,
    any of their closest points may be returned. Source: C. Ericson, "Real-Time Collision
    Detection", 2005, section 5.1.9.

    Args:
        start_a: where the first segments start [m], shape (n, 3).
        span_a: from their starts to their ends [m], shape (n, 3).
        start_b: where the second segments start [m], shape (n, 3).
        span_b: from their starts to their ends [m], shape (n, 3).

    Returns:
        Parameters on the first and on the second segments, shape (n,) each.
    """
    apart = start_a - start_b
    aa, bb, ab = dots(span_a, span_a), dots(span_b, span_b), dots(span_a, span_b)
    a_apart, b_apart = dots(span_a, apart), dots(span_b, apart)
    lines = (ab * b_apart - bb * a_apart) / np.maximum(aa * bb - ab * ab, _PARALLEL * aa * bb)
    on_b = _within((ab * _within(lines) + b_apart) / bb)
    # For a point on b that was not clipped, this gives the clipped point on a once more.
    return _within((ab * on_b - a_apart) / aa), on_b


def dots(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the scalar products of rows, shape (n,)."""
    return np.einsum("ij,ij->i", a, b)


def _within(parameter: FloatArray) -> FloatArray:
    return np.minimum(np.maximum(parameter, 0.0), 1.0)
