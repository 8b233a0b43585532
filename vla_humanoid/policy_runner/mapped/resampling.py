"""Chunks at another rate than their policy's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.embodiment.rotations import inverted, multiplied, quats_from, rotvecs_from
from vla_humanoid.schema import FloatArray


@dataclass(frozen=True)
class Resampler:
    """Says what is between the actions of a chunk.

    A target holds from its moment on; the last one for as long as the others.

    Args:
        theirs: actions per second of the policy.
        ours: actions per second of the robot.
        linear: whether targets pass over into one another, or each holds until the next.
    """

    theirs: float
    ours: float
    linear: bool

    @property
    def changes(self) -> bool:
        """Whether the rates differ at all."""
        return self.theirs != self.ours

    def length(self, rows: int) -> int:
        """Return how many of our actions a chunk is worth; at least one."""
        return max(int(rows * self.ours / self.theirs + 1e-6), 1) if self.changes else rows

    def targets(self, rows: FloatArray) -> FloatArray:
        """Return targets at our rate, shape (length, k), of theirs, shape (rows, k)."""
        if not self.changes:
            return rows
        before, after, part = self._between(len(rows))
        return rows[before] + part[:, None] * (rows[after] - rows[before])

    def rotations(self, quats: FloatArray) -> FloatArray:
        """Return rotations at our rate of theirs, unit quaternions (rows, 4), the short way."""
        if not self.changes:
            return quats
        before, after, part = self._between(len(quats))
        return _part_of_the_way(quats[before], quats[after], part)

    def steps(self, rows: FloatArray) -> FloatArray:
        """Return steps that lead the same way at our rate, shape (length, k)."""
        if not self.changes:
            return rows
        way = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
        before, after, part = self._along(len(rows))
        places = way[before] + part[:, None] * (way[after] - way[before])
        return np.diff(places, axis=0)

    def turns(self, quats: FloatArray) -> FloatArray:
        """Return turns about fixed axes that lead the same way at our rate, quaternions (n, 4)."""
        if not self.changes:
            return quats
        way = np.tile([[1.0, 0.0, 0.0, 0.0]], (len(quats) + 1, 1))
        for row, turn in enumerate(quats):
            way[row + 1] = multiplied(turn[None], way[row : row + 1])[0]
        before, after, part = self._along(len(quats))
        places = _part_of_the_way(way[before], way[after], part)
        return multiplied(places[1:], inverted(places[:-1]))

    def _between(self, rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
        """Return between which targets each of our actions lies, and how far on."""
        moments = np.arange(self.length(rows)) * self.theirs / self.ours
        before = np.minimum(np.floor(moments + 1e-6).astype(np.int64), rows - 1)
        part = np.minimum(np.maximum(moments - before, 0.0), 1.0)
        after = np.minimum(before + 1, rows - 1) if self.linear else before
        return before, after, part

    def _along(self, rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
        """Return between which ends of steps ours end, and how far on; the start included."""
        moments = np.minimum(np.arange(self.length(rows) + 1) * self.theirs / self.ours, rows)
        before = np.minimum(np.floor(moments + 1e-6).astype(np.int64), rows - 1)
        return before, before + 1, np.clip(moments - before, 0.0, 1.0)


def _part_of_the_way(first: FloatArray, second: FloatArray, part: FloatArray) -> FloatArray:
    turns = rotvecs_from(multiplied(second, inverted(first)))
    return multiplied(quats_from(part[:, None] * turns, "rotvec"), first)
