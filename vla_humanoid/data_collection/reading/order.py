"""Random orders that need no memory: the n-th of an order is computed, not looked up."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 6
_MASK = (1 << 64) - 1


def scrambled(values: NDArray[np.int64], *before: int) -> NDArray[np.uint64]:
    """Return numbers in [0, 2**64) that look random, each of which follows from its value alone.

    Args:
        values: shape (n,).
        before: numbers that they all follow from as well.
    """
    state = np.zeros(1, np.uint64)
    for value in before:
        state = _mixed(state ^ np.uint64(value & _MASK))
    return _mixed(state ^ values.astype(np.uint64))


def _mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the next outputs of SplitMix64 (Steele et al., 2014) from states."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


class Permutation:
    """A random order of 0, ..., size - 1.

    It is a Feistel network (Luby and Rackoff, 1988) on the next larger power of four; numbers
    beyond the size are sent on until they fall below it (Black and Rogaway, 2002).

    Args:
        size: how many there are, >= 1.
        seed: numbers >= 0 that determine the order.
    """

    def __init__(self, size: int, seed: Sequence[int]) -> None:
        self._size = np.uint64(size)
        bits = max(((size - 1).bit_length() + 1) // 2, 1)
        self._bits, self._low = np.uint64(bits), np.uint64((1 << bits) - 1)
        self._keys = np.random.SeedSequence(seed).generate_state(_ROUNDS, np.uint64)

    def __call__(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what stands at some positions, each in [0, size), shape (n,)."""
        values = self._step(positions.astype(np.uint64))
        while (beyond := values >= self._size).any():
            values[beyond] = self._step(values[beyond])
        return values.astype(np.int64)

    def _step(self, values: NDArray[np.uint64]) -> NDArray[np.uint64]:
        left, right = values >> self._bits, values & self._low
        for key in self._keys:
            left, right = right, left ^ (_mixed(right ^ key) & self._low)
        return (left << self._bits) | right
