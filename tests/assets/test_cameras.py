from functools import cache

import mujoco
import numpy as np
import pytest
from numpy.typing import NDArray

from vla_humanoid.assets.cameras import MOUNTINGS, add_cameras
from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.assets.postures import READY, READY_PELVIS_POSITION
from vla_humanoid.assets.scene import CameraOffset

TABLE_HEIGHT = 0.72
ROBOT_CAMERAS = ("head", "left_wrist", "right_wrist")
WORKING = {"shoulder_pitch": -0.1, "elbow": 0.0}
"""Forearms level, hands over the table."""


@cache
def model() -> mujoco.MjModel:
    spec = robot_spec()
    add_cameras(spec, {}, following=False)
    return spec.compile()


def robot_at_work(posture: dict[str, float]) -> mujoco.MjData:
    data = mujoco.MjData(model())
    data.qpos[:7] = (*READY_PELVIS_POSITION, 1.0, 0.0, 0.0, 0.0)
    for name, position in READY.items():
        data.joint(name).qpos[0] = position
    for joint, position in posture.items():
        for side in ("left", "right"):
            data.joint(f"{side}_{joint}_joint").qpos[0] = position
    mujoco.mj_forward(model(), data)
    return data


def in_image(data: mujoco.MjData, camera: str, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Image coordinates, right and up, each from -1 to 1 in a square image."""
    view = data.cam(camera)
    right, up, back = view.xmat.reshape(3, 3).T @ (point - view.xpos)
    assert back < 0.0
    half = np.tan(0.5 * np.deg2rad(model().cam(camera).fovy[0]))
    return np.array([right, up]) / (-back * half)


def hits_robot(data: mujoco.MjData, camera: str, point: NDArray[np.float64]) -> bool:
    groups = np.zeros(6, dtype=np.uint8)
    groups[VISIBLE_GROUP] = 1
    view = data.cam(camera)
    geom = np.zeros(1, dtype=np.int32)
    gap = mujoco.mj_ray(model(), data, view.xpos, point - view.xpos, groups, True, -1, geom)
    return 0.0 <= gap < 1.0


@pytest.mark.parametrize("x", [0.2, 0.4, 0.65])
@pytest.mark.parametrize("y", [-0.45, 0.0, 0.45])
def test_the_head_sees_the_table_before_the_robot(x: float, y: float) -> None:
    data = robot_at_work({"shoulder_pitch": 1.0})
    spot = np.array([x, y, TABLE_HEIGHT])
    assert np.abs(in_image(data, "head", spot)).max() < 1.0
    assert not hits_robot(data, "head", spot)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_head_sees_both_hands_at_work(side: str) -> None:
    data = robot_at_work(WORKING)
    for link in ("thumb_2", "middle_1", "index_1", "thumb_0"):
        point = data.body(f"{side}_hand_{link}_link").xpos
        assert np.abs(in_image(data, "head", point)).max() < 1.0


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_wrist_camera_looks_between_thumb_and_fingers(side: str) -> None:
    data = robot_at_work(WORKING)
    hand = data.body(f"{side}_wrist_yaw_link")
    inward = -1.0 if side == "left" else 1.0
    grasp = hand.xpos + hand.xmat.reshape(3, 3) @ (0.125, 0.035 * inward, 0.0)
    ahead = hand.xpos + hand.xmat.reshape(3, 3) @ (0.22, 0.08 * inward, 0.0)
    for point in (grasp, ahead):
        assert np.abs(in_image(data, f"{side}_wrist", point)).max() < 0.8
        assert not hits_robot(data, f"{side}_wrist", point)
    for link in ("thumb_2", "middle_1", "index_1"):
        point = data.body(f"{side}_hand_{link}_link").xpos
        assert np.abs(in_image(data, f"{side}_wrist", point)).max() < 1.0


def test_wrist_cameras_mirror_each_other() -> None:
    left, right = MOUNTINGS["left_wrist"], MOUNTINGS["right_wrist"]
    for a, b in ((left.position, right.position), (left.forward, right.forward)):
        assert b == (a[0], -a[1], a[2])


def test_an_offset_shifts_turns_and_zooms_its_camera_alone() -> None:
    spec = robot_spec()
    turn = 0.2
    shift = CameraOffset(position=(0.01, 0.0, 0.0), rotation=(0.0, turn, 0.0), fovy=-5.0)
    add_cameras(spec, {"head": shift}, following=False)
    moved, nominal = spec.compile(), model()
    assert moved.cam("head").pos - nominal.cam("head").pos == pytest.approx((0.01, 0.0, 0.0))
    assert moved.cam("head").fovy[0] - nominal.cam("head").fovy[0] == pytest.approx(-5.0)
    overlap = abs(np.dot(moved.cam("head").quat, nominal.cam("head").quat))
    assert 2.0 * np.arccos(overlap) == pytest.approx(turn)
    for camera in ("left_wrist", "right_wrist", "external"):
        np.testing.assert_array_equal(moved.cam(camera).pos, nominal.cam(camera).pos)
        np.testing.assert_array_equal(moved.cam(camera).quat, nominal.cam(camera).quat)


def test_the_external_camera_follows_a_robot_that_walks_about_without_turning_with_it() -> None:
    spec = robot_spec()
    add_cameras(spec, {}, following=True)
    compiled = spec.compile()
    data = mujoco.MjData(compiled)
    views = []
    for where, quat in (((0.0, 0.0, 0.74), (1.0, 0.0, 0.0, 0.0)), ((3.0, -1.0, 0.7), (0, 0, 0, 1))):
        data.qpos[:7] = (*where, *quat)
        mujoco.mj_forward(compiled, data)
        camera = data.camera("external")
        views.append((camera.xpos - np.array(where), camera.xmat.copy()))
    (offset, rotation), (later_offset, later_rotation) = views
    np.testing.assert_allclose(later_offset, offset, atol=1e-9)
    np.testing.assert_allclose(later_rotation, rotation, atol=1e-9)
    assert np.linalg.norm(offset) > 2.0
