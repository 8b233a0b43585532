import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.control.contact_wrench_cone import rectangle_wrench_cone, shift_wrench

X, Y, MU = 0.08, 0.02, 0.6
CORNERS = np.array([[x, y, 0.0] for x in (-X, X) for y in (-Y, Y)])


def wrench_of(forces: np.ndarray) -> np.ndarray:
    return np.concatenate([forces.sum(axis=0), np.cross(CORNERS, forces).sum(axis=0)])


def corner_forces(normal: list[float], share: list[float]) -> np.ndarray:
    """Forces at the four corners within the pyramid inscribed in the friction cone."""
    pressure = np.array(normal)
    tangent = np.array(share).reshape(4, 2) * (MU / np.sqrt(2.0)) * pressure[:, None]
    return np.column_stack([tangent, pressure])


pressures = st.lists(st.floats(0.0, 200.0), min_size=4, max_size=4)
shares = st.lists(st.floats(-1.0, 1.0), min_size=8, max_size=8)


@given(pressures, shares)
@settings(max_examples=200, deadline=None)
def test_every_wrench_of_admissible_corner_forces_lies_in_the_cone(
    normal: list[float], share: list[float]
) -> None:
    wrench = wrench_of(corner_forces(normal, share))
    assert (rectangle_wrench_cone(X, Y, MU) @ wrench <= 1e-9).all()


def test_a_center_of_pressure_beyond_the_toe_leaves_the_cone() -> None:
    force = np.array([0.0, 0.0, 100.0])
    for reach, inside in ((0.99 * X, True), (1.01 * X, False)):
        wrench = np.concatenate([force, np.cross([reach, 0.0, 0.0], force)])
        assert (rectangle_wrench_cone(X, Y, MU) @ wrench <= 1e-9).all() == inside


@given(pressures, shares)
@settings(max_examples=50, deadline=None)
def test_shifting_the_cone_agrees_with_shifting_the_wrench(
    normal: list[float], share: list[float]
) -> None:
    wrench = wrench_of(corner_forces(normal, share))
    center = np.array([0.03, -0.01, 0.0])
    about_origin = wrench.copy()
    about_origin[3:] += np.cross(center, wrench[:3])
    cone = rectangle_wrench_cone(X, Y, MU)
    assert np.allclose(shift_wrench(cone, center) @ about_origin, cone @ wrench)
