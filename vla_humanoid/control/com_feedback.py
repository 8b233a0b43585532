"""Feedback of balance: the ZMP that brings the DCM back, and how it moves the CoM."""

import math

import numpy as np

from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.balance_state import BalanceState
from vla_humanoid.control.gait import GaitReference
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.control.whole_body_qp import Task
from vla_humanoid.schema import FloatArray

_BELIEVED = 2.0
"""A ZMP that is further off than so often the largest lean is not believed."""


class ComFeedback:
    """Steers the centre of mass by the ZMP that drives the DCM to its reference.

    J. Englsberger et al., "Three-dimensional bipedal walking control based on divergent component
    of motion", T-RO 2015: with the ZMP at z, the LIPM accelerates by w^2 (c - z).

    Args:
        config: of the controller.
        model: the robot.
        balance: when the controller takes the robot over; nothing is planned or corrected yet.
    """

    def __init__(self, config: BalanceConfig, model: RobotModel, balance: BalanceState) -> None:
        self._config = config
        self._model = model
        self._weight = np.full(2, config.com_weight)
        self.planned_zmp = balance.zmp
        """Of the gait [m], world frame, shape (2,)."""
        self.desired_zmp = balance.zmp
        """With feedback, within what the feet and the body's momentum can do [m], shape (2,)."""
        self.com_acceleration = np.zeros(2)
        """That the desired ZMP gives the centre of mass [m/s^2], shape (2,)."""
        self.lean = np.zeros(2)
        """How far the DCM stays back from its reference, against a force that lasts [m]."""

    def update_lean(self, balance: BalanceState, *, standing: bool) -> None:
        """Learn from the two ZMPs what pushes on the robot, or forget it where it does not stand.

        A force at some height moves the measured ZMP from that which the body's motion explains, by
        as much as the centre of mass has to stay back for the ZMP to be in the middle of the feet.
        """
        config = self._config
        away = balance.zmp - balance.zmp_dynamics if standing else np.zeros(2)
        # A push that is soon over must not make it lean.
        away = _shortened(away, _BELIEVED * config.lean)
        lean = self.lean + config.dt / config.lean_time * (away - self.lean)
        self.lean = _shortened(lean, config.lean)

    def task(self, reference: GaitReference, balance: BalanceState, *, walking: bool) -> Task:
        """Return the task of the horizontal centre of mass.

        Args:
            reference: of the gait.
            balance: with the support of the feet that the gait counts on.
            walking: whether the robot walks.
        """
        config = self._config
        gain = config.walking_dcm_gain if walking else config.dcm_gain
        error = balance.dcm - reference.dcm + self.lean
        zmp = reference.zmp + (1.0 + gain / balance.omega) * error
        self.planned_zmp = reference.zmp
        self.desired_zmp = balance.support.project(zmp, config.zmp_margin - config.momentum_reach)
        self.com_acceleration = balance.omega**2 * (balance.com[:2] - self.desired_zmp)
        wanted = self.com_acceleration - self._model.com_drift[:2]
        return Task(self._model.com_jacobian[:2], wanted, self._weight)


def _shortened(vector: FloatArray, limit: float) -> FloatArray:
    """Return a horizontal vector, shape (2,), no longer than a length."""
    length = math.hypot(*vector.tolist())
    return vector * (limit / length) if length > limit else vector
