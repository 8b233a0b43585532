"""Where the hands go next, read from the demonstrated actions alone.

The actions at which a grip changes are what matters of an episode (as in James, 2022): where a
thing is taken, where it is let go. Foretelling them makes a model look for what the sentence names
from the first picture on.
"""

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.schema import ActionSpec

LEAST_CHANGE = 1.0
"""Of a normalized grip, that counts as a change: half its range, as in taking and letting go."""


def keypose_steps(actions: NDArray[np.float32], spec: ActionSpec) -> NDArray[np.int64]:
    """Return the steps at which a grip changes, and the last one, in order.

    Args:
        actions: of an episode, normalized, shape (T, action dim).
        spec: what their entries mean.
    """
    grips = [index for index, field in enumerate(spec.fields) if field.name.endswith("_grip")]
    changed = np.abs(np.diff(actions[:, grips], axis=0)).max(axis=1, initial=0.0) > LEAST_CHANGE
    return np.append(np.flatnonzero(changed) + 1, len(actions) - 1)


def next_keyposes(
    actions: NDArray[np.float32], spec: ActionSpec, count: int
) -> NDArray[np.float32]:
    """Return the actions at the next changes of grip after each step, shape (T, count, action dim).

    Where there are fewer, the last action of the episode takes their place.

    Args:
        actions: of an episode, normalized, shape (T, action dim).
        spec: what their entries mean.
        count: how many.
    """
    steps = keypose_steps(actions, spec)
    first = np.searchsorted(steps, np.arange(len(actions)), side="left")
    which = np.minimum(first[:, None] + np.arange(count), len(steps) - 1)
    return actions[steps[which]]
