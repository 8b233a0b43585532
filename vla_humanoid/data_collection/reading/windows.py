"""Which rows of an episode a window around a step takes; beyond its ends, the last row repeats."""

import numpy as np
from numpy.typing import NDArray


def history_rows(
    steps: NDArray[np.int64], length: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the rows of the observations up to some steps, and which of them are padding.

    Args:
        steps: of the newest observations, shape (n,).
        length: how many for each.

    Returns:
        Rows, oldest first, and a mask that is true where the first row stands in for one before
        the episode; each shape (n, length).
    """
    rows = steps[:, None] + np.arange(1 - length, 1)
    return np.maximum(rows, 0), rows < 0


def chunk_rows(
    steps: NDArray[np.int64], length: int, lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the rows of the actions from some steps on, and which of them are padding.

    Args:
        steps: of the first actions, shape (n,).
        length: how many for each.
        lengths: of the episodes, shape (n,).

    Returns:
        Rows and a mask that is true where the last row stands in for one after the episode; each
        shape (n, length).
    """
    rows, ends = steps[:, None] + np.arange(length), lengths[:, None]
    return np.minimum(rows, ends - 1), rows >= ends
