"""Rotation layouts, against MuJoCo's own mathematics."""

import mujoco
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.control.rotations import quat_to_matrix, quat_to_rotvec, rotvec_to_quat
from vla_humanoid.embodiment.rotations import (
    LAYOUTS,
    inverted,
    multiplied,
    quats_from,
    rotated,
    rotvecs_from,
    values_from,
)

ANGLES = st.floats(-3.1, 3.1)
ROTVECS = st.tuples(*3 * [st.floats(-1.8, 1.8)]).map(np.array)


def same(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether two unit quaternions are the same rotation."""
    return abs(float(first @ second)) > 1 - 1e-9


@given(ROTVECS)
def test_layouts_of_one_rotation_agree(rotvec: np.ndarray) -> None:
    expected = rotvec_to_quat(rotvec)
    matrix = quat_to_matrix(expected)
    written = {
        "rotvec": rotvec,
        "quat_wxyz": expected,
        "quat_xyzw": -np.roll(expected, -1),
        "6d_columns": matrix[:, :2].T.ravel(),
        "6d_rows": matrix[:2].ravel(),
    }
    for layout, values in written.items():
        assert same(quats_from(values[None], layout)[0], expected), layout


@given(st.tuples(ANGLES, ANGLES, ANGLES).map(np.array))
@pytest.mark.parametrize(
    ("layout", "order"),
    [
        ("euler_xyz_moving", "xyz"),
        ("euler_zyx_moving", "zyx"),
        ("euler_xyz_fixed", "XYZ"),
        ("euler_zyx_fixed", "ZYX"),
    ],
)
def test_euler_angles(layout: str, order: str, angles: np.ndarray) -> None:
    expected = np.empty(4)
    mujoco.mju_euler2Quat(expected, angles, order)  # Capitals are for fixed axes.
    assert same(quats_from(angles[None], layout)[0], expected)


@given(ROTVECS, ROTVECS)
def test_products_and_rotation_vectors(first: np.ndarray, second: np.ndarray) -> None:
    quats = quats_from(np.stack([first, second]), "rotvec")
    product = multiplied(quats[:1], inverted(quats[1:]))[0]
    expected = np.empty(4)
    mujoco.mju_mulQuat(expected, rotvec_to_quat(first), rotvec_to_quat(-second))
    assert same(product, expected)
    np.testing.assert_allclose(
        rotvec_to_quat(rotvecs_from(quats[:1])[0]),
        rotvec_to_quat(first) * np.sign(quats[0, 0]),
        atol=1e-9,
    )
    if np.linalg.norm(first) < 3.0:
        np.testing.assert_allclose(rotvecs_from(quats)[0], quat_to_rotvec(quats[0]), atol=1e-7)


def test_no_turn_is_no_turn() -> None:
    assert rotvecs_from(np.array([[1.0, 0.0, 0.0, 0.0]])).tolist() == [[0.0, 0.0, 0.0]]
    assert quats_from(np.zeros((1, 3)), "rotvec").tolist() == [[1.0, 0.0, 0.0, 0.0]]


@pytest.mark.parametrize("layout", ["quat_wxyz", "quat_xyzw", "6d_columns", "6d_rows"])
def test_what_is_no_rotation_is_refused_with_its_row(layout: str) -> None:
    rows = np.tile(np.eye(3)[:2].ravel() if layout.startswith("6d") else [1.0, 0, 0, 0], (3, 1))
    rows[2] *= 5
    with pytest.raises(ValueError, match="row 2 has length"):
        quats_from(rows, layout)


def test_layouts_say_their_sizes() -> None:
    for layout, about in LAYOUTS.items():
        values = np.zeros((1, about.size))
        values[0, [0, -2] if layout.startswith("6d") else 0] = 1.0
        if layout.startswith("6d"):
            values = np.eye(3)[:2].ravel()[None]
        assert quats_from(values, layout).shape == (1, 4)


@given(ROTVECS, st.sampled_from(sorted(LAYOUTS)))
def test_a_rotation_comes_back_from_any_layout(rotvec: np.ndarray, layout: str) -> None:
    quats = quats_from(rotvec[None], "rotvec")
    written = values_from(quats, layout)
    assert written.shape == (1, LAYOUTS[layout].size)
    assert same(quats_from(written, layout)[0], quats[0])


@given(ANGLES, ANGLES, st.sampled_from([-1.0, 1.0]))
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name.startswith("euler")])
def test_euler_angles_come_back_where_they_are_not_unique(
    layout: str, first: float, last: float, sign: float
) -> None:
    quats = quats_from(np.array([[first, sign * np.pi / 2, last]]), layout)
    assert same(quats_from(values_from(quats, layout), layout)[0], quats[0])


@given(ROTVECS, st.tuples(ANGLES, ANGLES, ANGLES).map(np.array))
def test_vectors_are_turned_as_by_the_matrix(rotvec: np.ndarray, vector: np.ndarray) -> None:
    quat = rotvec_to_quat(rotvec)
    expected = quat_to_matrix(quat) @ vector
    np.testing.assert_allclose(rotated(quat[None], vector[None])[0], expected, atol=1e-9)
