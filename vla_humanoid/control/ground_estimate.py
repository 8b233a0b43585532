"""How the ground slopes, as the soles on it feel it."""

import math
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
        x = sum([sole.rotation.item(0, 2) for sole in soles]) / len(soles)
        y = sum([sole.rotation.item(1, 2) for sole in soles]) / len(soles)
        share = min(1.0, _STEEPEST / max(math.hypot(x, y), 1e-9))
        before_x, before_y, _ = self.normal.tolist()
        x = before_x + _RATE * dt * (share * x - before_x)
        y = before_y + _RATE * dt * (share * y - before_y)
        self.normal = np.array([x, y, math.sqrt(1.0 - x * x - y * y)])

    def height_at(self, point: FloatArray, sole: FloatArray) -> float:
        """Return the height of the ground at a point [m], seen from a sole on it."""
        x, y, z = self.normal
        dx, dy = point[:2] - sole[:2]
        return float(sole[2] - (x * dx + y * dy) / z)
