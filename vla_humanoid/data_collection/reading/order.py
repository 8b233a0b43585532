"""Random orders that need no memory: the n-th of an order is computed, not looked up."""

from collections.abc import Sequence

import numpy as np

_ROUNDS = 6
_MASK = (1 << 64) - 1


def scrambled(*values: int) -> int:
    """Return a number in [0, 2**64) that looks random and follows from the values alone."""
    state = 0
    for value in values:
        state = _mixed(state ^ (value & _MASK))
    return state


def _mixed(value: int) -> int:
    """Return the next output of SplitMix64 (Steele et al., 2014) from a state."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class Permutation:
    """A random order of 0, ..., size - 1.

    It is a Feistel network (Luby and Rackoff, 1988) on the next larger power of four; numbers
    beyond the size are sent on until they fall below it (Black and Rogaway, 2002).

    Args:
        size: how many there are, >= 1.
        seed: numbers >= 0 that determine the order.
    """

    def __init__(self, size: int, seed: Sequence[int]) -> None:
        self._size = size
        self._bits = max(((size - 1).bit_length() + 1) // 2, 1)
        self._keys = np.random.SeedSequence(seed).generate_state(_ROUNDS, np.uint64).tolist()

    def __call__(self, position: int) -> int:
        """Return what stands at a position, in [0, size)."""
        value = self._step(position)
        while value >= self._size:
            value = self._step(value)
        return value

    def _step(self, value: int) -> int:
        bits, low = self._bits, (1 << self._bits) - 1
        left, right = value >> bits, value & low
        for key in self._keys:
            left, right = right, left ^ (_mixed(right ^ key) & low)
        return (left << bits) | right
