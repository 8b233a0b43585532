"""What a trainer normalizes states and actions by."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.export.exact_quantiles import streamed_statistics
from vla_humanoid.data_collection.export.feature_statistics import Statistics


@dataclass(frozen=True)
class Normalization:
    """Statistics over all steps, entry by entry: exact ones, quantiles too.

    Args:
        state: of the states.
        actions: of the normalized actions, padding not counted.
    """

    state: Statistics
    actions: Statistics


def measure(
    passes: Callable[[], Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]]],
) -> Normalization:
    """Return the statistics of states and actions, in memory that does not grow with them.

    Args:
        passes: yields states (n, S) and actions (n, A), the same each time it is called.
    """
    width = 0

    def rows() -> Iterator[NDArray[np.float32]]:
        nonlocal width
        for state, actions in passes():
            width = state.shape[1]
            yield np.concatenate([state, actions], axis=1)

    both = streamed_statistics(rows)
    return Normalization(both.part(0, width), both.part(width, len(both.mean)))
