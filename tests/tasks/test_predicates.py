from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_worlds import body, robot, tipped

from vla_humanoid.schema import SIDES, FloatArray, Pose
from vla_humanoid.tasks.core.geometry import rotate, tilt, to_body, to_world, yaw_quat
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.predicates import (
    is_at_rest,
    is_off_table,
    is_released,
    is_standing,
    is_upright,
)

coordinates = st.floats(-2.0, 2.0)
points = st.tuples(coordinates, coordinates, coordinates).map(np.array)
quats = (
    st.tuples(*[st.floats(-1.0, 1.0)] * 4)
    .map(np.array)
    .filter(lambda q: np.linalg.norm(q) > 0.1)
    .map(lambda q: q / np.linalg.norm(q))
)


@given(points, quats, points)
def test_a_point_comes_back_from_a_body_s_frame(
    position: FloatArray, quat: FloatArray, point: FloatArray
):
    pose = Pose(position, quat)
    np.testing.assert_allclose(to_body(pose, to_world(pose, point)), point, atol=1e-9)


@given(quats, points)
def test_rotation_keeps_length(quat: FloatArray, point: FloatArray):
    assert np.linalg.norm(rotate(quat, point)) == pytest.approx(np.linalg.norm(point), abs=1e-9)


@given(st.floats(0.0, np.pi))
def test_tilt_is_the_angle_to_the_vertical(angle: float):
    assert tilt(tipped(angle)) == pytest.approx(angle, abs=1e-6)


@given(st.floats(-np.pi, np.pi))
def test_yaw_is_no_tilt(yaw: float):
    quat = np.array(yaw_quat(yaw))
    assert tilt(quat) == pytest.approx(0.0, abs=1e-7)
    expected = [np.cos(yaw), np.sin(yaw), 0.0]
    np.testing.assert_allclose(rotate(quat, np.array([1.0, 0.0, 0.0])), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("height", "lean", "standing"),
    [(0.74, 0.0, True), (0.46, 0.7, True), (0.44, 0.0, False), (0.74, 0.9, False)],
)
def test_standing(height: float, lean: float, standing: bool):
    assert is_standing(robot(height, lean)) is standing


@given(st.floats(-1.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, np.pi))
def test_standing_is_the_same_on_every_level(ground: float, height: float, lean: float):
    if abs(height - 0.45) > 1e-6:
        above = robot(ground + height, lean, ground=ground)
        assert is_standing(above) is is_standing(robot(height, lean))


def test_a_robot_on_a_high_step_stands_and_one_that_lies_there_does_not():
    assert not is_standing(robot(0.6, ground=0.3))
    assert is_standing(robot(0.2, ground=-0.3))


@given(st.floats(0.0, 0.6), st.sampled_from(SIDES))
def test_a_lifted_foot_is_no_fall(lift: float, side: str):
    who = robot()
    name = f"{side}_ankle_roll_link"
    foot = who.links[name]
    lifted = Pose(foot.position + np.array([0.0, 0.0, lift]), foot.quat_wxyz)
    assert is_standing(replace(who, links={**who.links, name: lifted}))


def test_rest_is_below_five_centimetres_a_second():
    here = np.zeros(3)
    assert is_at_rest(body(here, velocity=np.array([0.03, 0.03, 0.0])))
    assert not is_at_rest(body(here, velocity=np.array([0.04, 0.04, 0.0])))


@given(st.floats(0.0, 3.0), st.sampled_from([0, 1, 2]))
def test_rest_is_below_one_radian_a_second(turn_rate: float, axis: int):
    assert is_at_rest(body(np.zeros(3), turn_rate=turn_rate * np.eye(3)[axis])) is (turn_rate < 1.0)


def test_upright_up_to_twenty_degrees():
    assert is_upright(body(np.zeros(3), tipped(np.deg2rad(19))))
    assert not is_upright(body(np.zeros(3), tipped(np.deg2rad(21))))


def test_off_the_table_is_five_centimetres_below_its_top():
    assert is_off_table(body(np.array([0.3, 0.0, 0.66])), table_height=0.72)
    assert not is_off_table(body(np.array([0.3, 0.0, 0.68])), table_height=0.72)


@given(st.sampled_from(["left", "right"]), points, st.floats(0.02, 0.1), st.floats(0.0, 0.3))
def test_released_is_a_matter_of_the_nearer_hand(
    side: str, position: FloatArray, radius: float, gap: float
):
    hand = position + np.array([0.0, 0.0, radius + gap])
    other = "left" if side == "right" else "right"
    who = robot(pinches={side: hand, other: position + 5.0})
    np.testing.assert_allclose(pinch_point(who, side), hand, atol=1e-9)
    if abs(gap - 0.05) > 1e-6:
        assert is_released(body(position), radius, who) is (gap > 0.05)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_hold_is_true_after_an_uninterrupted_half_second(conditions: list[bool]):
    hold = Hold(0.5)
    for i, condition in enumerate(conditions):
        held = hold.update(condition, i * 0.05)
        assert held is (i >= 10 and all(conditions[i - 10 : i + 1]))
