"""Where a camera of the robot sees things, computed from the robot's links: no engine is needed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np

from vla_humanoid.assets.cameras import MOUNTINGS, mounted
from vla_humanoid.assets.scene import CameraOffset
from vla_humanoid.schema import FloatArray, Pose


@dataclass(frozen=True)
class CameraView:
    """A camera without distortion, and square images.

    Args:
        position: of its centre, world frame [m], shape (3,).
        axes: its axes right, up and backwards as columns, world frame, shape (3, 3).
        fovy: vertical field of view [deg].
    """

    position: FloatArray
    axes: FloatArray
    fovy: float

    def project(self, points: FloatArray) -> FloatArray:
        """Return where points are in the image, as fractions from its left and its top.

        Args:
            points: world frame [m], shape (N, 3).

        Returns:
            Shape (N, 2); within [0, 1] for what is in the image, NaN for what is behind the camera.
        """
        right, up, back = ((points - self.position) @ self.axes).T
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(
                back < 0.0, 0.5 / math.tan(math.radians(self.fovy) / 2.0) / -back, np.nan
            )
        return np.column_stack([0.5 + scale * right, 0.5 - scale * up])


def camera_view(links: Mapping[str, Pose], camera: str, offset: CameraOffset) -> CameraView:
    """Return the view of a camera that is mounted on the robot.

    Args:
        links: poses of the robot's links, as in `RobotState.links`.
        camera: its name.
        offset: how it deviates from its nominal mounting.

    Raises:
        ValueError: if there is no such camera on the robot.
    """
    mounting = MOUNTINGS.get(camera)
    if mounting is None or mounting.link is None:
        there = ", ".join(name for name, one in MOUNTINGS.items() if one.link is not None)
        raise ValueError(f"The robot has no camera {camera!r}; it has {there}.")
    link = links[mounting.link]
    position, quat, fovy = mounted(mounting, offset)
    turned, axes = _matrix(link.quat_wxyz), _matrix(quat)
    return CameraView(link.position + turned @ position, turned @ axes, fovy)


def _matrix(quat_wxyz: FloatArray) -> FloatArray:
    matrix = np.empty(9)
    mujoco.mju_quat2Mat(matrix, quat_wxyz)
    return matrix.reshape(3, 3)
