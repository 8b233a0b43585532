"""Exact statistics of any number of rows in memory that does not grow with it.

Order statistics are found digit by digit (radix selection): the bits of a float32, rearranged so
that they sort like the number, are counted from the left, 11, 11 and 10 at a time; each pass over
the data narrows every quantile down to the values that share one more digit.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.export.feature_statistics import (
    QUANTILES,
    Statistics,
    neighbours,
)

_DIGITS = (11, 11, 10)
"""Bits of each digit, from the left."""
_BLOCK = 4096
"""Rows that are counted at a time."""

Rows = NDArray[np.float32]
_Keys = NDArray[np.uint32]


def streamed_statistics(passes: Callable[[], Iterable[Rows]]) -> Statistics:
    """Return the statistics of rows that are read several times, but never held.

    Args:
        passes: yields the same finite rows, shape (n, D), each time it is called; n >= 1 in total.
    """
    moments = _Moments(_blocks(passes()))
    ranks = [neighbours(quantile, moments.count) for quantile in QUANTILES.values()]
    wanted = sorted({rank for lower, upper, _ in ranks for rank in (lower, upper)})
    found = dict(zip(wanted, _select(passes, np.array(wanted), len(moments.mean)), strict=True))
    squares = sum(np.square(block - moments.mean).sum(axis=0) for block in _blocks(passes()))
    return Statistics(
        moments.count,
        moments.minimum,
        moments.maximum,
        moments.mean,
        np.sqrt(squares / moments.count),
        {
            name: found[lower] + along * (found[upper] - found[lower])
            for name, (lower, upper, along) in zip(QUANTILES, ranks, strict=True)
        },
    )


class _Moments:
    """Count, extremes and mean of rows."""

    def __init__(self, blocks: Iterable[Rows]) -> None:
        self.count = 0
        total = np.zeros(1)
        self.minimum, self.maximum = np.array([np.inf]), np.array([-np.inf])
        for block in blocks:
            self.count += len(block)
            total = total + block.sum(axis=0, dtype=np.float64)
            self.minimum = np.minimum(self.minimum, block.min(axis=0))
            self.maximum = np.maximum(self.maximum, block.max(axis=0))
        self.mean = total / max(self.count, 1)


def _select(
    passes: Callable[[], Iterable[Rows]], ranks: NDArray[np.int64], width: int
) -> NDArray[np.float64]:
    """Return the values at some ranks, counted from 0, of each column; shape (ranks, width)."""
    prefix = np.zeros((len(ranks), width), np.uint32)
    remaining = np.repeat(ranks[:, None], width, axis=1)
    known = 0
    for digit in _DIGITS:
        shift = 32 - known - digit
        counts = np.zeros((len(ranks), width, 1 << digit), np.int64)
        for block in _blocks(passes()):
            _count(_keys(block), prefix, known, shift, counts)
        up_to = counts.cumsum(axis=2)
        value = (up_to <= remaining[:, :, None]).sum(axis=2)
        below = np.take_along_axis(up_to - counts, value[:, :, None], axis=2)[:, :, 0]
        remaining = remaining - below
        prefix = (prefix << np.uint32(digit)) | value.astype(np.uint32)
        known += digit
    return _values(prefix).astype(np.float64)


def _count(keys: _Keys, prefix: _Keys, known: int, shift: int, counts: NDArray[np.int64]) -> None:
    """Add how often each next digit follows the digits that are known, rank by rank."""
    digit = (keys >> np.uint32(shift)) & np.uint32(counts.shape[2] - 1)
    cell = digit + np.arange(keys.shape[1], dtype=np.uint32) * np.uint32(counts.shape[2])
    shape, size = counts.shape[1:], counts[0].size
    if known == 0:
        counts += np.bincount(cell.ravel(), minlength=size).reshape(shape)
        return
    for rank, beginning in enumerate(prefix):
        same = (keys >> np.uint32(32 - known)) == beginning
        counts[rank] += np.bincount(cell[same], minlength=size).reshape(shape)


def _blocks(rows: Iterable[Rows]) -> Iterator[Rows]:
    """Put small groups of rows together, for speed."""
    waiting: list[Rows] = []
    count = 0
    for some in rows:
        waiting.append(some)
        count += len(some)
        if count >= _BLOCK:
            yield np.concatenate(waiting)
            waiting, count = [], 0
    if count:
        yield np.concatenate(waiting)


def _keys(values: Rows) -> _Keys:
    """Return whole numbers that sort as the values do."""
    bits = (values + np.float32(0.0)).view(np.uint32)  # Minus zero is zero.
    negative = (bits >> np.uint32(31)).astype(bool)
    return np.where(negative, ~bits, bits | np.uint32(1 << 31))


def _values(keys: _Keys) -> Rows:
    positive = (keys >> np.uint32(31)).astype(bool)
    return (
        np.where(positive, keys & np.uint32((1 << 31) - 1), ~keys)
        .astype(np.uint32)
        .view(np.float32)
    )
