"""Frames of a robot that is not there."""

import numpy as np

from vla_humanoid.control.feet import level_rotation
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.schema import FloatArray

UP = np.array([0.0, 0.0, 1.0])


def frame(
    position: FloatArray,
    yaw: float = 0.0,
    normal: FloatArray = UP,
    velocity: FloatArray | None = None,
) -> FrameMotion:
    """A frame that no joint moves, standing on a plane."""
    return FrameMotion(
        position=np.array(position, dtype=np.float64),
        rotation=level_rotation(yaw, normal),
        jacobian=np.zeros((6, 35)),
        velocity=np.zeros(6) if velocity is None else velocity,
        drift=np.zeros(6),
    )
