"""Quaternions and poses at the border, by the mathematics of whichever Isaac Lab is installed."""

import math

import isaaclab.utils.math as lab_math
import mujoco
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from vla_humanoid.assets.cameras import MOUNTINGS
from vla_humanoid.schema import CAMERAS, Pose
from vla_humanoid.sims.isaaclab.cameras import camera_cfgs
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.release import usable_release
from vla_humanoid.sims.isaaclab.tensors import local_poses, pose_row, tensor

ORIGIN = np.array([14.0, -28.0, 0.0])
ANGLES = st.floats(-math.pi, math.pi)
AXES = st.tuples(*3 * [st.floats(-1.0, 1.0)]).filter(lambda axis: np.linalg.norm(axis) > 0.1)


def wxyz_of(axis: tuple[float, ...], angle: float) -> NDArray[np.float64]:
    quat = np.empty(4)
    mujoco.mju_axisAngle2Quat(quat, np.array(axis) / np.linalg.norm(axis), angle)
    return quat


@settings(deadline=None)  # Torch compiles at the first call.
@given(AXES, ANGLES)
def test_isaac_lab_turns_vectors_as_we_do(axis: tuple[float, ...], angle: float) -> None:
    wxyz, vector = wxyz_of(axis, angle), np.array([0.3, -0.2, 0.9])
    ours = np.empty(3)
    mujoco.mju_rotVecQuat(ours, vector, wxyz)
    theirs = lab_math.quat_apply(tensor(wxyz[dialect().to_lab], "cpu"), tensor(vector, "cpu"))
    assert theirs.numpy() == pytest.approx(ours, abs=1e-6)


@given(AXES, ANGLES)
def test_a_pose_comes_back_as_it_went(axis: tuple[float, ...], angle: float) -> None:
    pose = Pose(np.array([0.4, 0.1, 0.8]), wxyz_of(axis, angle))
    position, quat = local_poses(pose_row(pose, ORIGIN)[None], ORIGIN[None])
    assert position[0] == pytest.approx(pose.position)
    assert quat[0].tolist() == pose.quat_wxyz.tolist()


def test_the_identity_stands_where_the_release_has_it() -> None:
    row = pose_row(Pose(np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0])), np.zeros(3))
    where = {"2.3": 3, "3": 6}[usable_release().name]
    assert np.flatnonzero(row).tolist() == [where]


def test_standing_cameras_look_where_they_are_meant_to() -> None:
    physics = usable_release().physics[0]
    for name, cfg in camera_cfgs(CAMERAS, 64, physics).items():
        mounting = MOUNTINGS[name.removesuffix("_camera")]
        if mounting.link is None:
            ahead = lab_math.quat_apply(torch.tensor(cfg.offset.rot), torch.tensor([1.0, 0.0, 0.0]))
            forward = np.array(mounting.forward) / np.linalg.norm(mounting.forward)
            assert ahead.numpy() == pytest.approx(forward, abs=1e-6)
