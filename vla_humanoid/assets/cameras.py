"""The robot's cameras and an external one, at their nominal mountings."""

from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np

from vla_humanoid.assets.scene import CameraOffset, Vec3
from vla_humanoid.schema import FloatArray

_FIXED, _TRACK = mujoco.mjtCamLight.mjCAMLIGHT_FIXED, mujoco.mjtCamLight.mjCAMLIGHT_TRACK


@dataclass(frozen=True)
class Mounting:
    """Where a camera sits.

    Args:
        link: the body it is fixed to, or None for the world.
        position: in that body's frame [m].
        forward: where it looks, in that body's frame.
        up: which way is up in the image.
        fovy: vertical field of view [deg].
    """

    link: str | None
    position: Vec3
    forward: Vec3
    up: Vec3
    fovy: float


MOUNTINGS: dict[str, Mounting] = {
    # The table before the robot, from 0.2 m to 0.65 m ahead, and both hands over it.
    "head": Mounting(
        "torso_link", (0.092, 0.0, 0.44), (0.602, 0.0, -0.799), (0.799, 0.0, 0.602), 88.0
    ),
    # Beside the wrist, past the thumb onto the fingertips; the back of the hand is up.
    "left_wrist": Mounting(
        "left_wrist_yaw_link", (0.03, -0.05, 0.095), (0.76, -0.11, -0.64), (0.0, 1.0, 0.0), 85.0
    ),
    "right_wrist": Mounting(
        "right_wrist_yaw_link", (0.03, 0.05, 0.095), (0.76, 0.11, -0.64), (0.0, -1.0, 0.0), 85.0
    ),
    "external": Mounting(None, (1.55, -1.15, 1.45), (-0.72, 0.62, -0.36), (0.0, 0.0, 1.0), 45.0),
}

FOLLOWING = Mounting("pelvis", (-1.5, -1.9, 1.0), (0.66, 0.66, -0.36), (0.0, 0.0, 1.0), 55.0)
"""The external camera where the robot walks about: it moves along without turning."""


def add_cameras(
    spec: mujoco.MjSpec, offsets: Mapping[str, CameraOffset], *, following: bool
) -> None:
    """Add every camera to a world spec, shifted by its offset if it has one.

    Args:
        spec: the world, with the robot.
        offsets: by camera.
        following: whether the external camera goes where the robot goes.
    """
    mountings = {**MOUNTINGS, "external": FOLLOWING} if following else MOUNTINGS
    for name, mounting in mountings.items():
        position, quat, fovy = mounted(mounting, offsets.get(name, CameraOffset()))
        body = spec.worldbody if mounting.link is None else spec.body(mounting.link)
        body.add_camera(
            name=name,
            mode=_TRACK if mounting is FOLLOWING else _FIXED,
            pos=position.tolist(),
            quat=quat.tolist(),
            fovy=fovy,
        )


def mounted(mounting: Mounting, offset: CameraOffset) -> tuple[FloatArray, FloatArray, float]:
    """Return where a camera sits that deviates from its mounting.

    Returns:
        Position [m], shape (3,), and quaternion (w, x, y, z), shape (4,), in the frame of the body
        that it is mounted on, and its vertical field of view [deg].
    """
    quat, combined = np.empty(4), np.empty(4)
    rotation = np.array([1.0, 0.0, 0.0, 0.0])
    mujoco.mju_mat2Quat(quat, _looking(mounting).ravel())
    mujoco.mju_quatIntegrate(rotation, np.array(offset.rotation), 1.0)
    mujoco.mju_mulQuat(combined, rotation, quat)
    return np.add(mounting.position, offset.position), combined, mounting.fovy + offset.fovy


def _looking(mounting: Mounting) -> np.ndarray:
    """Return the camera's axes as columns: x right, y up, z backwards."""
    back = -np.array(mounting.forward)
    back /= np.linalg.norm(back)
    right = np.cross(mounting.up, back)
    right /= np.linalg.norm(right)
    return np.column_stack([right, np.cross(back, right), back])
