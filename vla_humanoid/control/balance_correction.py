"""The answer of the balance controller to a state, in numbers."""

from dataclasses import dataclass

from vla_humanoid.schema import FloatArray


@dataclass(frozen=True)
class BalanceCorrection:
    """How the controller answers the present state.

    Args:
        current_zmp: measured from the feet's wrenches [m], world frame, shape (2,).
        planned_zmp: of the gait [m], shape (2,).
        desired_zmp: that which brings the DCM back to its plan [m], shape (2,).
        com_adjustment: commanded acceleration of the centre of mass [m/s^2], shape (2,).
        joint_adjustments: commanded accelerations of the body joints [rad/s^2], shape (29,).
    """

    current_zmp: FloatArray
    planned_zmp: FloatArray
    desired_zmp: FloatArray
    com_adjustment: FloatArray
    joint_adjustments: FloatArray

    @property
    def zmp_correction(self) -> FloatArray:
        """What feedback adds to the planned ZMP [m], shape (2,)."""
        return self.desired_zmp - self.planned_zmp
