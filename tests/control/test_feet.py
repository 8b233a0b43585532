import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_frames import UP, frame

from vla_humanoid.control.balance_config import FeetConfig
from vla_humanoid.control.feet import Feet, level_rotation, loads
from vla_humanoid.control.rotations import yaw_of
from vla_humanoid.control.swing import SwingFoot


@given(st.floats(-3.0, 3.0), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_a_sole_lies_on_the_ground_and_heads_where_it_should(
    yaw: float, x: float, y: float
) -> None:
    normal = np.array([x, y, math.sqrt(1.0 - x * x - y * y)])
    rotation = level_rotation(yaw, normal)
    assert rotation.T @ rotation == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    assert rotation[:, 2] == pytest.approx(normal)
    assert yaw_of(rotation) == pytest.approx(yaw, abs=0.02)


def test_a_foot_on_the_ground_is_to_stop_where_it_slips() -> None:
    feet = Feet(FeetConfig())
    slip = np.array([0.1, -0.2, 0.0, 0.0, 0.0, 0.3])
    assert feet.hold(frame(np.zeros(3))).target == pytest.approx(np.zeros(6))
    assert feet.hold(frame(np.zeros(3), velocity=slip)).target == pytest.approx(-50.0 * slip)


def test_a_swinging_foot_follows_its_reference_and_turns_flat() -> None:
    feet = Feet(FeetConfig(swing_stiffness=100.0))
    reference = SwingFoot(np.array([0.1, 0.2, 0.05, 0.3]), 0.05)
    there = frame(np.array([0.1, 0.2, 0.05]), 0.3)
    assert feet.swing(there, reference, UP).target == pytest.approx(np.zeros(6), abs=1e-9)
    late = frame(np.array([0.08, 0.2, 0.05]), 0.2)
    wanted = feet.swing(late, reference, UP).target
    assert wanted == pytest.approx([2.0, 0.0, 0.0, 0.0, 0.0, 10.0], abs=1e-9)
    lean = frame(np.array([0.1, 0.2, 0.05]), 0.3, np.array([0.05, 0.0, 1.0]) / math.hypot(1, 0.05))
    turn = feet.swing(lean, reference, UP).target[3:]
    assert turn[1] < -4.0  # Its toes have sunk, so they rise again.


def test_loads_are_the_vertical_forces() -> None:
    wrenches = {"left": np.arange(6.0), "right": np.full(6, 300.0)}
    assert loads(wrenches) == {"left": 2.0, "right": 300.0}
