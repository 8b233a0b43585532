"""Motors as PhysX's joint drives, which its solver integrates implicitly."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.schema import FloatArray, JointCommand
from vla_humanoid.sims.finite import require_finite_command
from vla_humanoid.sims.physx.session import Quantity


class Motors:
    """Carries joint commands out by the drives of an articulation.

    A drive pulls with ``kp (position - q) + kd (velocity - dq)`` up to its effort limit. The torque
    of a command is made part of the targets, so that the limit holds for the sum.

    Args:
        quantity: returns a view of a quantity of the articulation by its name.
        joints: where each joint of `JOINT_NAMES` stands in the articulation.
        strength: factor on every motor's torque, in the order of `JOINT_NAMES`.
        effort: largest torque of each [N m], likewise.
    """

    def __init__(
        self,
        quantity: Callable[[str], Quantity],
        joints: NDArray[np.intp],
        strength: FloatArray,
        effort: FloatArray,
    ) -> None:
        self._joints, self._strength, self._effort = joints, strength, effort
        self._position = quantity("ARTICULATION_DOF_POSITION_TARGET")
        self._velocity = quantity("ARTICULATION_DOF_VELOCITY_TARGET")
        self._stiffness = quantity("ARTICULATION_DOF_STIFFNESS")
        self._damping = quantity("ARTICULATION_DOF_DAMPING")
        self._torque = quantity("ARTICULATION_DOF_ACTUATION_FORCE")
        self._gains: tuple[FloatArray, FloatArray] | None = None

    def set(self, command: JointCommand) -> None:
        """Let a command take effect from the next step on.

        Raises:
            SimulationDiverged: if it is not finite.
        """
        require_finite_command(command)  # PhysX would go on with the command before.
        # By value: whoever made the command may change its arrays afterwards.
        if self._gains is None or not all(map(np.array_equal, self._gains, _gains(command))):
            self._set_gains(command.kp.copy(), command.kd.copy())
        position = command.position + command.torque * self._inverse_kp
        velocity = command.velocity + command.torque * self._inverse_kd
        self._put(self._position, position)
        self._put(self._velocity, velocity)
        if self._bare.any():
            torque = self._bare * self._strength * command.torque
            self._put(self._torque, np.clip(torque, -self._effort, self._effort))

    def torques(self, positions: FloatArray, velocities: FloatArray) -> FloatArray:
        """Return what the drives' law makes of the latest command in a state [N m].

        Args:
            positions: of the joints [rad], in the order of `JOINT_NAMES`.
            velocities: [rad/s], likewise.
        """
        if self._gains is None:
            return np.zeros(len(self._joints))
        kp, kd = self._gains
        pull = kp * (self._position.values[0, self._joints] - positions)
        pull += kd * (self._velocity.values[0, self._joints] - velocities)
        torque = self._strength * pull + self._torque.values[0, self._joints]
        return np.clip(torque, -self._effort, self._effort)

    def _set_gains(self, kp: FloatArray, kd: FloatArray) -> None:
        self._gains = kp, kd
        follows, damps = kp > 0.0, kd > 0.0
        self._inverse_kp = np.where(follows, 1.0, 0.0) / np.where(follows, kp, 1.0)
        only_damps = damps & ~follows
        self._inverse_kd = np.where(only_damps, 1.0, 0.0) / np.where(only_damps, kd, 1.0)
        self._bare = (~follows & ~damps).astype(float)
        self._put(self._stiffness, self._strength * kp)
        self._put(self._damping, self._strength * kd)
        self._put(self._torque, np.zeros(len(kp)))

    def _put(self, quantity: Quantity, values: FloatArray) -> None:
        quantity.values[0, self._joints] = values
        quantity.write()


def _gains(command: JointCommand) -> tuple[FloatArray, FloatArray]:
    return command.kp, command.kd
