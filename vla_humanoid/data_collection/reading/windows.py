"""Which rows of an episode a window around a step takes; beyond its ends, the last row repeats."""

import numpy as np
from numpy.typing import NDArray


def history_rows(step: int, length: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the rows of the observations up to a step, and which of them are padding.

    Args:
        step: of the newest observation.
        length: how many.

    Returns:
        Rows, oldest first, and a mask that is true where the first row stands in for one before
        the episode; each shape (length,).
    """
    rows = np.arange(step - length + 1, step + 1)
    return np.maximum(rows, 0), rows < 0


def chunk_rows(step: int, length: int, steps: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the rows of the actions from a step on, and which of them are padding.

    Args:
        step: of the first action.
        length: how many.
        steps: of the episode.

    Returns:
        Rows and a mask that is true where the last row stands in for one after the episode; each
        shape (length,).
    """
    rows = np.arange(step, step + length)
    return np.minimum(rows, steps - 1), rows >= steps
