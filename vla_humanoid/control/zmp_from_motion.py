"""The ZMP as the motion of the whole body implies it, without any force sensor."""

from collections import deque

import numpy as np

from vla_humanoid.control.robot_model import GRAVITY, RobotModel
from vla_humanoid.schema import FloatArray

_WINDOW = 5
"""Momentum is differentiated over so many control periods."""


class ZmpFromMotion:
    """Follows linear and angular momentum from tick to tick and says which ZMP explains them.

    Newton-Euler for the whole robot, with mass m, centre of mass c above the floor and angular
    momentum L about c (M. Vukobratovic and B. Borovac, 2004)::

        x = c_x - (m c_z a_x + dL_y/dt) / (m (g + a_z))
        y = c_y - (m c_z a_y - dL_x/dt) / (m (g + a_z))

    Args:
        dt: time between two ticks [s].
    """

    def __init__(self, dt: float) -> None:
        self._dt = dt
        self._momenta: deque[FloatArray] = deque(maxlen=_WINDOW + 1)
        self._zmp: FloatArray | None = None

    def update(self, model: RobotModel, floor: float) -> None:
        """Take in the state that the model was last updated with; the floor's height is in [m]."""
        self._momenta.append(np.concatenate([model.com_velocity, model.angular_momentum]))
        if len(self._momenta) <= _WINDOW:
            return
        rate = (self._momenta[-1] - self._momenta[0]) / (_WINDOW * self._dt)
        height, pull = float(model.com[2]) - floor, GRAVITY + rate[2]
        if pull < 0.2 * GRAVITY:
            self._zmp = None  # Nearly in free fall: nothing presses on the ground.
            return
        twist = np.array([rate[4], -rate[3]]) / model.mass
        self._zmp = model.com[:2] - (height * rate[:2] + twist) / pull

    @property
    def zmp(self) -> FloatArray | None:
        """The ZMP [m], world frame, shape (2,); None while it is not known."""
        return self._zmp
