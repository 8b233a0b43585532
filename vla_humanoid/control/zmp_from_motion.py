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
        self._momenta: deque[tuple[float, ...]] = deque(maxlen=_WINDOW + 1)
        self._zmp: FloatArray | None = None

    def update(self, model: RobotModel, floor: float) -> None:
        """Take in the state that the model was last updated with; the floor's height is in [m]."""
        velocity, momentum = model.com_velocity.tolist(), model.angular_momentum.tolist()
        self._momenta.append((*velocity, *momentum[:2]))
        if len(self._momenta) <= _WINDOW:
            return
        period = _WINDOW * self._dt
        ax, ay, az, roll, pitch = (
            (now - then) / period
            for now, then in zip(self._momenta[-1], self._momenta[0], strict=True)
        )
        x, y, z = model.com.tolist()
        height, pull = z - floor, GRAVITY + az
        if pull < 0.2 * GRAVITY:
            self._zmp = None  # Nearly in free fall: nothing presses on the ground.
            return
        x -= (height * ax + pitch / model.mass) / pull
        y -= (height * ay - roll / model.mass) / pull
        self._zmp = np.array([x, y])

    @property
    def zmp(self) -> FloatArray | None:
        """The ZMP [m], world frame, shape (2,); None while it is not known."""
        return self._zmp
