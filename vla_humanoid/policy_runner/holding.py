"""What the robot does while it has no action from its policy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.schema import ActionSpec, Field

_SENSED = {"left_grip": "left_grip_command", "right_grip": "right_grip_command"}
"""State entries that tell where what an action entry commands is, where the names differ."""


class HoldAction:
    """Finds the action that leaves everything as it is.

    Velocities and steps are zero; what is commanded by position stays where it was told to be, or,
    before anything was told, where it is.

    Args:
        action: what the entries of an action mean.
        state: what the entries of the ``state`` observation mean.
    """

    def __init__(self, action: ActionSpec, state: Sequence[Field]) -> None:
        self._spec = action
        moves = [field.unit.endswith("/s") or "_delta_" in field.name for field in action.fields]
        self._moves = np.array(moves)
        sensed = {field.name: index for index, field in enumerate(state)}
        self._sensed = [_row(field, sensed) for field in action.fields]

    def after(self, action: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what holds on to an action that was carried out; both normalized."""
        zero = self._spec.to_normalized(np.zeros(self._spec.dim))
        return np.where(self._moves, zero, action).astype(np.float32)

    def at(self, state: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what leaves the robot as its ``state`` observation says it is; normalized."""
        physical = [0.0 if row is None else float(state[row]) for row in self._sensed]
        return self.after(self._spec.to_normalized(np.array(physical)).astype(np.float32))


def _row(field: Field, sensed: dict[str, int]) -> int | None:
    for name in (field.name, _SENSED.get(field.name, ""), f"{field.name}_position"):
        if name in sensed:
            return sensed[name]
    return None
