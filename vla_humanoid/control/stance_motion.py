"""The stance frame as it moves: still between still feet, even between feet that walk."""

import numpy as np

from vla_humanoid.control.footsteps import wrapped
from vla_humanoid.control.targets import StanceFrame
from vla_humanoid.schema import FloatArray

_BANDWIDTH = 12.0
"""Of the filter that makes the frame of a walking robot smooth [rad/s]."""
_ARRIVED = np.array([5e-4, 5e-4, 5e-4, 2e-3])
"""A frame this near to a standing robot's feet is theirs again: x, y, z [m], yaw [rad]."""


class StanceMotion:
    """Follows the frame between the feet without its jumps and pulses.

    While the robot stands, the frame is where the soles are. While it walks, it moves evenly, as
    the gait plans; what changes suddenly in that plan is filtered.
    """

    def __init__(self, frame: StanceFrame) -> None:
        self.frame = frame
        self.velocity = np.zeros(4)
        """x, y, z [m/s] and yaw [rad/s], world frame, shape (4,)."""
        self._position = np.array([*frame.origin, frame.yaw])
        self._rests = True

    def rest(self, frame: StanceFrame) -> None:
        """Take over the measured frame, unless the motion of a walk is still to end."""
        if self._rests:
            self.frame = frame
            self._position = np.array([*frame.origin, frame.yaw])

    def advance(
        self, midway: FloatArray, velocity: FloatArray, *, standing: bool, dt: float
    ) -> None:
        """Move on towards the planned frame.

        Args:
            midway: x, y, z [m] and yaw [rad] of the frame, shape (4,).
            velocity: its rate, shape (4,).
            standing: whether the feet stay where they are.
            dt: [s].
        """
        if standing and self._rests:
            return
        error = midway - self._position
        error[3] = wrapped(error[3])
        if standing and (np.abs(error) < _ARRIVED).all():
            self._rests = True
            self.velocity = np.zeros(4)
            return
        self._rests = False
        pull = _BANDWIDTH**2 * error + 2.0 * _BANDWIDTH * (velocity - self.velocity)
        self.velocity = self.velocity + pull * dt
        self._position = self._position + self.velocity * dt
        self.frame = StanceFrame(self._position[:3].copy(), float(self._position[3]))

    def velocity_at(self, point: FloatArray) -> FloatArray:
        """Return the twist of a point that moves with the frame, shape (6,), world frame."""
        x, y = point[:2] - self.frame.origin[:2]
        turn = self.velocity[3]
        linear = self.velocity[:3] + np.array([-turn * y, turn * x, 0.0])
        return np.array([*linear, 0.0, 0.0, turn])
