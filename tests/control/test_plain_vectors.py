import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.control.plain_vectors import (
    Quat,
    Vector,
    multiplied,
    rotated,
    rotation_between,
    turned_by_yaw,
    within,
)
from vla_humanoid.control.rotations import (
    quat_multiply,
    quat_to_matrix,
    rotation_error,
    rotvec_to_quat,
)

lengths = st.floats(-2.0, 2.0)
vectors = st.tuples(lengths, lengths, lengths)


def quat(rotvec: Vector) -> Quat:
    w, x, y, z = rotvec_to_quat(np.array(rotvec)).tolist()
    return w, x, y, z


@given(vectors, vectors)
def test_quaternions_of_numbers_are_those_of_arrays(first: Vector, second: Vector) -> None:
    a, b = quat(first), quat(second)
    product = quat_multiply(np.array(a), np.array(b))
    assert multiplied(a, b) == pytest.approx(product, abs=1e-12)
    turn = rotation_error(np.array(a), np.array(b))
    if np.linalg.norm(turn) < 3.1:  # Half a turn may go either way.
        assert rotation_between(a, b) == pytest.approx(turn, abs=1e-9)


@given(vectors, vectors)
def test_a_rotation_between_two_orientations_leads_from_one_to_the_other(
    first: Vector, second: Vector
) -> None:
    a, b = quat(first), quat(second)
    arrived = rotated(b, rotation_between(a, b), 1.0)
    assert abs(float(np.dot(arrived, a))) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_same_orientation_is_no_rotation_away(sign: float) -> None:
    w, x, y, z = quat((0.3, -0.2, 0.9))
    turned = rotation_between((sign * w, sign * x, sign * y, sign * z), (w, x, y, z))
    assert turned == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)
    assert rotated((w, x, y, z), (0.0, 0.0, 0.0), 0.004) == (w, x, y, z)


@given(vectors, st.floats(0.01, 3.0))
def test_what_is_within_a_limit_is_left_alone_and_the_rest_shortened(
    vector: Vector, limit: float
) -> None:
    length = math.hypot(*vector)
    short = within(vector, limit)
    if length <= limit * (1.0 - 1e-9):
        assert short is vector
    else:
        assert math.hypot(*short) == pytest.approx(min(length, limit))
        assert np.cross(short, vector) == pytest.approx(np.zeros(3), abs=1e-9)


@given(vectors, st.floats(-3.0, 3.0))
def test_yaw_turns_about_the_vertical(vector: Vector, yaw: float) -> None:
    matrix = quat_to_matrix(np.array([math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw)]))
    turned = turned_by_yaw(vector, math.cos(yaw), math.sin(yaw))
    assert turned == pytest.approx(matrix @ vector, abs=1e-12)
