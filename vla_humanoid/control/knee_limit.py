"""Knees that do not run into their end stops, where straight legs can no longer give way."""

import numpy as np

from vla_humanoid.control.robot_model import BODY_JOINTS, RobotModel
from vla_humanoid.control.whole_body_qp import NO_LIMIT, Limit
from vla_humanoid.schema import SIDES

_KNEES = [BODY_JOINTS.index(f"{side}_knee_joint") for side in SIDES]
_FAR = -200.0
"""A knee that may straighten by more than this is not limited now [rad/s^2]."""


class KneeLimit:
    """Keeps a bend in the knees, as a barrier like that of the joints' ranges.

    It is one of those limits that are given up where no motion keeps all of them: legs that are
    straight already need not bend at any price.

    Args:
        model: the robot.
        bend: smallest [rad].
        rate: how fast it may be approached [1/s].
    """

    def __init__(self, model: RobotModel, bend: float, rate: float) -> None:
        self._model = model
        self._bend = bend
        self._rate = rate
        self._rows = np.zeros((len(_KNEES), model.nv))
        for row, knee in enumerate(_KNEES):
            self._rows[row, 6 + knee] = -1.0

    def limit(self) -> Limit:
        """Return the limit for the state the model was last updated with."""
        rate, positions, velocities = self._rate, self._model.positions, self._model.velocities
        low = [
            rate * (rate * (self._bend - positions.item(knee)) - 2.0 * velocities.item(knee))
            for knee in _KNEES
        ]
        if max(low) < _FAR:
            return NO_LIMIT
        return Limit(self._rows, -np.array(low))
