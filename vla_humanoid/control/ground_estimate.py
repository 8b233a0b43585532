"""How the ground slopes, as the soles on it feel it."""

from collections.abc import Sequence

import numpy as np

from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.schema import FloatArray

_RATE = 3.0
"""How fast the estimate follows the soles [1/s]: a sole may rock for a moment on level ground."""
_STEEPEST = 0.12
"""Largest slope that is believed [rad]."""


class GroundEstimate:
    """The plane that soles in contact lie on; level until they say otherwise."""

    def __init__(self) -> None:
        self.normal = np.array([0.0, 0.0, 1.0])
        """Upward normal, world frame, shape (3,)."""

    def update(self, soles: Sequence[FrameMotion], dt: float) -> None:
        """Take in how the soles in contact lie."""
        lean = sum((sole.rotation[:2, 2] for sole in soles), np.zeros(2)) / len(soles)
        lean *= min(1.0, _STEEPEST / max(float(np.hypot(*lean)), 1e-9))
        lean = self.normal[:2] + _RATE * dt * (lean - self.normal[:2])
        self.normal = np.array([*lean, np.sqrt(1.0 - lean @ lean)])

    def height_at(self, point: FloatArray, sole: FloatArray) -> float:
        """Return the height of the ground at a point [m], seen from a sole on it."""
        x, y, z = self.normal
        dx, dy = point[:2] - sole[:2]
        return float(sole[2] - (x * dx + y * dy) / z)
