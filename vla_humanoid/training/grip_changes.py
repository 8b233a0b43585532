"""An order of samples in which changes of grip come more often: short moments that decide all."""

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.schema import ActionSpec
from vla_humanoid.training.keyposes import keypose_steps


def holds_change(actions: NDArray[np.float32], spec: ActionSpec, horizon: int) -> NDArray[np.bool_]:
    """Tell of each step whether a grip changes in the chunk that begins there, shape (T,).

    Args:
        actions: of an episode, normalized, shape (T, action dim).
        spec: what their entries mean.
        horizon: actions of a chunk.
    """
    changes = keypose_steps(actions, spec)[:-1]
    ahead = np.arange(len(actions))
    upcoming = np.searchsorted(changes, ahead + horizon) > np.searchsorted(changes, ahead)
    return upcoming.astype(np.bool_)


def more_often(
    chosen: NDArray[np.bool_], files: NDArray[np.int64], weight: float, seed: tuple[int, ...]
) -> NDArray[np.int64]:
    """Return as many positions as there are, in which chosen ones come more often, shape (N,).

    Every file keeps its share, and its places in the order. Each position comes as often as its
    weight says, give or take one time (systematic resampling).

    Args:
        chosen: by position, shape (N,).
        files: that the samples at the positions are from, shape (N,).
        weight: how much more often the chosen ones come.
        seed: of the order.
    """
    positions = np.empty(len(files), dtype=np.int64)
    for file in np.unique(files):
        own = np.flatnonzero(files == file)
        ends = np.cumsum(np.where(chosen[own], weight, 1.0))
        marks = (np.arange(len(own)) + 0.5) * ends[-1] / len(own)
        drawn = own[np.searchsorted(ends, marks)]
        order = np.random.default_rng([*seed, int(file)]).permutation(len(own))
        positions[own] = drawn[order]
    return positions


class GripChangeOrder:
    """The order of each epoch.

    Args:
        dataset: of the samples; it is told the epoch.
        spec: what its actions mean.
        horizon: actions of a chunk.
        weight: how much more often samples come whose chunk holds a change.
        seed: of the order.
    """

    def __init__(
        self, dataset: Dataset, spec: ActionSpec, horizon: int, weight: float, seed: int
    ) -> None:
        self._dataset, self._weight, self._seed = dataset, weight, seed
        self._changes = [
            np.concatenate([holds_change(episode.actions, spec, horizon) for episode in episodes])
            for episodes in dataset.episodes_by_file()
        ]

    def __call__(self, epoch: int) -> NDArray[np.int64]:
        """Return the positions that the samples of an epoch are taken from, shape (samples,)."""
        self._dataset.set_epoch(epoch)
        files, numbers = self._dataset.draw(range(len(self._dataset)))
        chosen = np.zeros(len(files), np.bool_)
        for file, changes in enumerate(self._changes):
            chosen[files == file] = changes[numbers[files == file]]
        return more_often(chosen, files, self._weight, (self._seed, epoch))
