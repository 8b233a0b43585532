"""The balance of a robot from tick to tick: by the feet that are counted on, and as measured."""

from collections.abc import Mapping

from vla_humanoid.control.balance_state import (
    BalanceState,
    Support,
    floor_height,
    measure_balance,
)
from vla_humanoid.control.measured_support import measured_balance
from vla_humanoid.control.robot_model import FrameMotion, RobotModel
from vla_humanoid.control.zmp_from_motion import ZmpFromMotion
from vla_humanoid.schema import FloatArray


class BalanceMonitor:
    """Measures balance; all is of the state that the model was last updated with.

    Args:
        model: the robot.
        dt: period [s].
    """

    counted: BalanceState
    """With the support of the feet that the gait counts on: what the robot is controlled by."""

    def __init__(self, model: RobotModel, dt: float) -> None:
        self._model = model
        self._support = Support()
        self._zmp_from_motion = ZmpFromMotion(dt)

    def advance(self, soles: Mapping[str, FrameMotion], contacts: tuple[str, ...]) -> None:
        """Take in how the body moved within a period; soles in contact tell the floor's height."""
        self._zmp_from_motion.update(self._model, floor_height([soles[side] for side in contacts]))

    def observe(
        self,
        soles: Mapping[str, FrameMotion],
        foot_wrenches: Mapping[str, FloatArray],
        contacts: tuple[str, ...],
    ) -> None:
        """Measure the balance.

        Args:
            soles: both, by side.
            foot_wrenches: per side, force and torque from the ground about the sole's origin, world
                frame, shape (6,).
            contacts: the feet that the gait counts on.
        """
        self._soles, self._wrenches = soles, foot_wrenches
        support = self._support.update({side: soles[side] for side in contacts})
        zmp = self._zmp_from_motion.zmp
        self.counted = measure_balance(self._model, soles, support, foot_wrenches, contacts, zmp)

    def measured(self, normal: FloatArray) -> BalanceState:
        """Return the balance with the support that really touches the ground.

        Args:
            normal: of the ground, upward, shape (3,).
        """
        return measured_balance(self.counted, self._soles, self._wrenches, normal)
