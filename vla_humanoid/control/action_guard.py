"""Normalized actions as they come from a policy, made fit to be carried out."""

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.control.interventions import Intervention, Interventions, Reason
from vla_humanoid.schema import ActionSpec, FloatArray


class ActionGuard:
    """Lets only finite entries within [-1, 1] pass, and counts what it had to change.

    An entry that is not finite keeps its previous value; before there was one, the whole action
    counts as not given.

    Args:
        spec: what the entries mean.
        interventions: where changes are counted.
    """

    def __init__(self, spec: ActionSpec, interventions: Interventions) -> None:
        self._spec = spec
        self._interventions = interventions
        self._previous: FloatArray | None = None

    def checked(self, action: FloatArray) -> FloatArray | None:
        """Return the action to carry out, shape (dim,), or None to go on as before."""
        is_finite = np.isfinite(action)
        if not is_finite.all():
            self._report("not_finite", ~is_finite, "not finite; the previous value is kept")
            if self._previous is None:
                return None
            action = np.where(is_finite, action, self._previous)
        is_beyond = np.abs(action) > 1.0
        if is_beyond.any():
            self._report("out_of_bounds", is_beyond, "beyond [-1, 1] and clipped")
            action = np.clip(action, -1.0, 1.0)
        self._previous = action.copy()  # A policy may write its next action into the same array.
        return action

    def _report(self, reason: Reason, where: NDArray[np.bool_], what: str) -> None:
        names = [self._spec.fields[i].name for i in np.flatnonzero(where)]
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        self._interventions.add(Intervention(reason, f"The action is {what} at {shown}."))
