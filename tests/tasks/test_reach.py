import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.assets.scene import Vec3
from vla_humanoid.tasks.core.reach import STRETCH, arm, reaches, reaching_sides


def test_arm_figures_are_those_of_the_robot():
    left, right = arm("left"), arm("right")
    assert left.length == pytest.approx(0.369, abs=0.002)
    assert right.length == pytest.approx(left.length, abs=0.001)
    shoulder = left.waist + left.shoulder
    np.testing.assert_allclose(shoulder, [0.0, 0.138, 1.018], atol=0.002)


@given(st.floats(0.2, 0.6), st.floats(-0.5, 0.5), st.floats(0.6, 1.0))
def test_the_hands_mirror_each_other(x: float, y: float, z: float):
    nudged = [reaches("right", (x, -y, z + dz)) for dz in (-1e-3, 1e-3)]
    if nudged[0] == nudged[1]:
        assert reaches("left", (x, y, z)) is nudged[0]


@given(st.floats(0.2, 0.6), st.floats(0.0, 0.5), st.floats(0.6, 1.0))
def test_the_nearer_hand_reaches_whatever_the_other_does(x: float, y: float, z: float):
    if reaches("right", (x, y, z)):
        assert reaches("left", (x, y, z))


def test_both_hands_reach_the_middle_and_one_the_side():
    assert reaching_sides((0.36, 0.0, 0.76)) == ("left", "right")
    assert reaching_sides((0.32, 0.3, 0.76)) == ("left",)
    assert reaching_sides((0.32, -0.3, 0.76)) == ("right",)
    assert reaching_sides((0.32, 0.3, 0.76), (0.32, -0.3, 0.76)) == ()


@pytest.mark.parametrize("point", [(0.8, 0.0, 0.75), (0.36, 0.0, 0.1), (0.36, 0.9, 0.75)])
def test_too_far_is_out_of_reach(point: Vec3):
    assert reaching_sides(point) == ()


@given(st.floats(0.2, 0.6), st.floats(-0.5, 0.5), st.floats(0.6, 1.0))
def test_nothing_is_farther_than_a_leaning_arm(x: float, y: float, z: float):
    figures = arm("left")
    longest = np.linalg.norm(figures.shoulder) + STRETCH * figures.length + 0.135
    if reaches("left", (x, y, z)):
        assert np.linalg.norm(np.array([x, y, z]) - figures.waist) < longest
