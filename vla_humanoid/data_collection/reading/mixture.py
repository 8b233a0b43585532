"""Which step of which file comes at a position of an epoch."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.reading.order import Permutation


class Mixture:
    """An order of steps from several files, each with a fixed share of every epoch.

    Every step of a file comes equally often in an epoch, give or take one time. Which steps come
    once more, and the order of all, follow from the seed and the epoch.

    Args:
        sizes: number of steps of each file, >= 1.
        weights: share of the samples of each file, up to a common factor; None for as many samples
            as a file has steps.
        samples: in an epoch; None for as many as there are steps.
        seed: of the order, >= 0.
        shuffle: False for the steps in the order of the files.

    Raises:
        ConfigurationError: if a weight or the number of samples is not positive, or their number
            does not fit.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        weights: Sequence[float] | None,
        samples: int | None,
        seed: int,
        shuffle: bool,
    ) -> None:
        self._sizes = tuple(sizes)
        self._seed = seed
        self._shuffle = shuffle
        total = sum(sizes) if samples is None else samples
        if total < 1:
            raise ConfigurationError(f"samples must be at least 1, not {total}.")
        if weights is None:
            weights = [float(size) for size in sizes]
        self.quotas = _quotas(weights, len(self._sizes), total)
        self._ends = np.cumsum(self.quotas)
        self._orders: dict[tuple[int, ...], Permutation] = {}
        self._epoch = 0

    def __len__(self) -> int:
        return int(self._ends[-1])

    def draw(
        self, positions: NDArray[np.int64], epoch: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return what comes at some positions of an epoch.

        Args:
            positions: shape (n,).
            epoch: >= 0.

        Returns:
            The file, and the number of its step, at each position, shape (n,) each.
        """
        if epoch != self._epoch:
            self._epoch, self._orders = epoch, {}
        places = self._order(len(self), 0)(positions) if self._shuffle else positions
        files = np.searchsorted(self._ends, places, side="right")
        numbers = np.empty_like(places)
        for file in np.unique(files).tolist():
            own = files == file
            numbers[own] = self._drawn_from(file, places[own])
        return files, numbers

    def _drawn_from(self, file: int, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return numbers of a file's steps; it is gone through in rounds, each in another order."""
        size = self._sizes[file]
        rounds, places = np.divmod(places - (self._ends[file] - self.quotas[file]), size)
        if not self._shuffle:
            return places
        numbers = np.empty_like(places)
        for each in np.unique(rounds).tolist():
            own = rounds == each
            numbers[own] = self._order(size, 1 + file, each)(places[own])
        return numbers

    def _order(self, size: int, *which: int) -> Permutation:
        if which not in self._orders:
            self._orders[which] = Permutation(size, [self._seed, self._epoch, *which])
        return self._orders[which]


def _quotas(weights: Sequence[float], files: int, total: int) -> tuple[int, ...]:
    """Share whole samples out by weight; what rounding leaves goes to the largest remainders."""
    if len(weights) != files:
        raise ConfigurationError(f"There are {files} files, but {len(weights)} weights.")
    shares = np.asarray(weights, np.float64)
    if not (np.isfinite(shares).all() and (shares > 0).all()):
        raise ConfigurationError(
            f"weights must be positive, but are {list(weights)}; leave a file out instead of "
            "giving it no weight."
        )
    exact = shares / shares.sum() * total
    quotas = np.floor(exact).astype(int)
    first = np.argsort(quotas - exact, kind="stable")
    quotas[first[: total - int(quotas.sum())]] += 1
    return tuple(quotas.tolist())
