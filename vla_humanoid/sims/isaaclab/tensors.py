"""Between numpy in double precision and Isaac Lab's tensors in single, at one border.

Isaac Lab keeps quaternions as xyzw; everything of ours has them as wxyz.
"""

from collections.abc import Sequence

import numpy as np
import torch
from isaaclab.utils.warp import ProxyArray
from numpy.typing import NDArray

from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, Twist

WXYZ = np.array([3, 0, 1, 2])
"""Where the numbers of a quaternion of ours stand in one of theirs."""
XYZW = np.array([1, 2, 3, 0])
"""Where the numbers of a quaternion of theirs stand in one of ours."""


def numbers(array: ProxyArray, columns: Sequence[int] | None = None) -> FloatArray:
    """Return a copy of a tensor, or of some places along its second axis."""
    values = array.torch.cpu().numpy()
    return (values if columns is None else values[:, columns]).astype(np.float64)


def tensor(values: FloatArray | NDArray[np.float32], device: str) -> torch.Tensor:
    """Return a tensor of single precision."""
    return torch.as_tensor(np.ascontiguousarray(values, dtype=np.float32), device=device)


def indices(values: Sequence[int], device: str) -> torch.Tensor:
    """Return indices as Isaac Lab wants them."""
    return torch.tensor(list(values), dtype=torch.int32, device=device)


def local_poses(values: FloatArray, origins: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return positions [m] in each world's own frame, and quaternions (w, x, y, z).

    Args:
        values: poses of Isaac Lab's, shape (worlds, bodies, 7) or (worlds, 7).
        origins: of the worlds, shape (worlds, 3).
    """
    shift = origins if values.ndim == 2 else origins[:, None]
    return values[..., :3] - shift, values[..., 3:][..., WXYZ]


def pose_row(pose: Pose, origin: FloatArray) -> FloatArray:
    """Return a pose as a row of Isaac Lab's, shape (7,).

    Args:
        pose: in a world's own frame.
        origin: of that world [m], shape (3,).
    """
    return np.concatenate([pose.position + origin, pose.quat_wxyz[XYZW]])


def twist_row(twist: Twist) -> FloatArray:
    """Return a twist as a row of Isaac Lab's, shape (6,)."""
    return np.concatenate([twist.linear, twist.angular])


def body_state(position: FloatArray, quat_wxyz: FloatArray, twist: FloatArray) -> RigidBodyState:
    """Return a body's state from its parts; the twist has shape (6,), linear first."""
    return RigidBodyState(Pose(position, quat_wxyz), Twist(twist[:3], twist[3:]))
