"""Random numbers of one update, the same however many processes share its batch."""

import torch


class Draws:
    """Numbers that follow from the seed and the step, so that a run can be taken up anywhere.

    Each is drawn for the whole batch, and cut to the part that this process has of it.

    Args:
        seed: of the run.
        step: updates that were made before.
        size: samples of this process.
        rank: of this process.
        processes: that share the batch.
    """

    def __init__(self, seed: int, step: int, size: int, rank: int = 0, processes: int = 1) -> None:
        self._generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
        self._all = size * processes
        self._part = slice(rank * size, (rank + 1) * size)

    def uniform(self, count: int) -> torch.Tensor:
        """Return numbers in [0, 1), shape (samples of this process, count)."""
        return torch.rand(self._all, count, generator=self._generator)[self._part]

    def normal(self, count: int) -> torch.Tensor:
        """Return normally distributed numbers, shape (samples of this process, count)."""
        return torch.randn(self._all, count, generator=self._generator)[self._part]
