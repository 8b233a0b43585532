"""Wrenches that a rectangular sole can exert without sliding, tilting or twisting.

Source: S. Caron, Q.-C. Pham, Y. Nakamura, "Stability of surface contacts for humanoid robots:
closed-form formulae of the contact wrench cone for rectangular support areas", ICRA 2015.
"""

import numpy as np

from vla_humanoid.schema import FloatArray


def rectangle_wrench_cone(half_length: float, half_width: float, friction: float) -> FloatArray:
    """Return the face matrix U of the contact wrench cone, shape (16, 6): U w <= 0.

    The wrench w = (fx, fy, fz, tx, ty, tz) is the one the ground exerts on the foot, at the centre
    of the rectangle and along its axes.

    Args:
        half_length: along x [m].
        half_width: along y [m].
        friction: Coulomb coefficient; the friction pyramid is inscribed in the cone.
    """
    X, Y, mu = half_length, half_width, friction / np.sqrt(2.0)
    # Proposition 4 of the paper: friction, centre of pressure, and the coupled yaw torque.
    return np.array(
        [
            [-1, 0, -mu, 0, 0, 0],
            [1, 0, -mu, 0, 0, 0],
            [0, -1, -mu, 0, 0, 0],
            [0, 1, -mu, 0, 0, 0],
            [0, 0, -Y, -1, 0, 0],
            [0, 0, -Y, 1, 0, 0],
            [0, 0, -X, 0, -1, 0],
            [0, 0, -X, 0, 1, 0],
            [-Y, -X, -(X + Y) * mu, mu, mu, -1],
            [-Y, X, -(X + Y) * mu, mu, -mu, -1],
            [Y, -X, -(X + Y) * mu, -mu, mu, -1],
            [Y, X, -(X + Y) * mu, -mu, -mu, -1],
            [Y, X, -(X + Y) * mu, mu, mu, 1],
            [Y, -X, -(X + Y) * mu, mu, -mu, 1],
            [-Y, X, -(X + Y) * mu, -mu, mu, 1],
            [-Y, -X, -(X + Y) * mu, -mu, -mu, 1],
        ]
    )


def shift_wrench(wrench_matrix: FloatArray, offset: FloatArray) -> FloatArray:
    """Rewrite cone faces for wrenches given about another point.

    Args:
        wrench_matrix: faces for wrenches about the cone's centre, shape (n, 6).
        offset: the centre, seen from the new point, in the cone's axes [m], shape (3,).

    Returns:
        Faces for wrenches about the new point, shape (n, 6).
    """
    x, y, z = offset
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    transform = np.eye(6)
    transform[3:, :3] = -cross  # torque about the centre = torque - offset x force
    return wrench_matrix @ transform
