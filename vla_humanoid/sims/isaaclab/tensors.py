"""Between numpy in double precision and Isaac Lab's tensors in single, at one border.

Everything of ours has quaternions as wxyz; how Isaac Lab has them, its dialect knows.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, Twist
from vla_humanoid.sims.isaaclab.dialect import dialect


def numbers(array: object, columns: NDArray[np.intp] | None = None) -> FloatArray:
    """Return a copy of an array of Isaac Lab's, or of some places along its second axis."""
    tensor = array if isinstance(array, torch.Tensor) else dialect().as_tensor(array)
    values = tensor.cpu().numpy()
    return (values if columns is None else values[:, columns]).astype(np.float64)


def tensor(values: FloatArray | NDArray[np.float32], device: str) -> torch.Tensor:
    """Return a tensor of single precision."""
    return torch.as_tensor(np.ascontiguousarray(values, dtype=np.float32), device=device)


def indices(values: Sequence[int], device: str) -> torch.Tensor:
    """Return indices as Isaac Lab wants them."""
    return torch.tensor(list(values), dtype=dialect().index_type, device=device)


def local_poses(values: FloatArray, origins: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return positions [m] in each world's own frame, and quaternions (w, x, y, z).

    Args:
        values: poses of Isaac Lab's, shape (worlds, bodies, 7) or (worlds, 7).
        origins: of the worlds, shape (worlds, 3).
    """
    shift = origins if values.ndim == 2 else origins[:, None]
    return values[..., :3] - shift, values[..., 3:][..., dialect().to_ours]


def pose_row(pose: Pose, origin: FloatArray) -> FloatArray:
    """Return a pose as a row of Isaac Lab's, shape (7,).

    Args:
        pose: in a world's own frame.
        origin: of that world [m], shape (3,).
    """
    return np.concatenate([pose.position + origin, pose.quat_wxyz[dialect().to_lab]])


def twist_row(twist: Twist) -> FloatArray:
    """Return a twist as a row of Isaac Lab's, shape (6,)."""
    return np.concatenate([twist.linear, twist.angular])


def body_state(position: FloatArray, quat_wxyz: FloatArray, twist: FloatArray) -> RigidBodyState:
    """Return a body's state from its parts; the twist has shape (6,), linear first."""
    return RigidBodyState(Pose(position, quat_wxyz), Twist(twist[:3], twist[3:]))
