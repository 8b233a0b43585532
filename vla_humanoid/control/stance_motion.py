"""The stance frame as it moves: still between still feet, even between feet that walk."""

import numpy as np

from vla_humanoid.control.footsteps import turned, wrapped
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.targets import StanceFrame
from vla_humanoid.schema import FloatArray

_BANDWIDTH = 12.0
"""Of the filter that makes the frame of a walking robot smooth [rad/s]."""
_ARRIVED = np.array([5e-4, 5e-4, 5e-4, 2e-3])
"""A frame this near to a standing robot's feet is theirs again: x, y, z [m], yaw [rad]."""
_SWAYING_RATE = 4.0
"""How fast arms begin to follow the pelvis when a walk begins, and cease when it ends [1/s]."""


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
        self.sway = np.zeros(6)
        """By how much what the arms hold follows the pelvis out of the frame: displacement [m] and
        its rate [m/s], world frame, each shape (3,)."""
        self._rests = True
        self._share = 0.0

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

    def follow(self, pelvis: FrameMotion, ahead: float, *, walking: bool, dt: float) -> None:
        """Let the arms sway with the pelvis while the robot walks, so that they keep clear of it.

        Args:
            pelvis: of the robot.
            ahead: how far before the frame's origin the pelvis is in a stand [m].
            walking: whether the robot walks.
            dt: [s].
        """
        step = _SWAYING_RATE * dt
        self._share += min(max(float(walking) - self._share, -step), step)
        if self._share == 0.0:
            self.sway = np.zeros(6)
            return
        nominal = self.frame.origin[:2] + turned(np.array([ahead, 0.0]), self.frame.yaw)
        rate = pelvis.velocity[:2] - self.velocity_at(pelvis.position)[:2]
        away = pelvis.position[:2] - nominal
        self.sway = self._share * np.array([*away, 0.0, *rate, 0.0])

    def velocity_at(self, point: FloatArray) -> FloatArray:
        """Return the twist of a point that moves with the frame, shape (6,), world frame."""
        x, y = point[:2] - self.frame.origin[:2]
        turn = self.velocity[3]
        linear = self.velocity[:3] + np.array([-turn * y, turn * x, 0.0])
        return np.array([*linear, 0.0, 0.0, turn])
