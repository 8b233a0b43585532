"""What is known of a file whose episodes are drawn from, without opening it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.file_description import FileDescription
from vla_humanoid.data_collection.reading.extents import Extents
from vla_humanoid.data_collection.reading.presence import Presence
from vla_humanoid.data_collection.reading.words import Words, unpacked


@dataclass(frozen=True)
class IndexedFile:
    """The episodes of one file that are drawn from.

    Args:
        path: of the file.
        fingerprint: of its content, see `fingerprint`.
        description: what the numbers in it mean.
        demos: numbers of the episodes, shape (n,).
        ends: number of steps up to the end of each, shape (n,).
        progress: at each step of all episodes, shape (steps,).
        subgoal: index of the sub-goal then, shape (steps,).
        sentence: index of what the robot had been told then, shape (steps,).
        texts: of all episodes, packed one after the other.
        text_ends: where the texts of each end, shape (n,).
        extents: where the episodes lie; None where that is not known of all of them.
        presences: which entries episodes have, each kind once.
        kinds: which of those each episode is of, shape (n,).
    """

    path: Path
    fingerprint: tuple[int, int, int]
    description: FileDescription
    demos: NDArray[np.int64]
    ends: NDArray[np.int64]
    progress: NDArray[np.float32]
    subgoal: NDArray[np.int32]
    sentence: NDArray[np.int32]
    texts: bytes
    text_ends: NDArray[np.int64]
    extents: Extents | None
    presences: tuple[Presence, ...]
    kinds: NDArray[np.int64]

    @property
    def steps(self) -> int:
        """Of all the episodes."""
        return int(self.ends[-1])

    def start(self, episode: int) -> int:
        """Return the number of steps before an episode."""
        return int(self.ends[episode - 1]) if episode else 0

    def lengths(self, episodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of steps of some episodes, shape (n,)."""
        return np.diff(self.ends, prepend=0)[episodes]

    def locate(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where steps are that are counted over all episodes.

        Args:
            numbers: of the steps, shape (n,).

        Returns:
            The episode, and the step in it, shape (n,) each.
        """
        episodes = np.searchsorted(self.ends, numbers, side="right")
        starts = np.concatenate([[0], self.ends])[episodes]
        return episodes, numbers - starts

    def name(self, episode: int) -> str:
        """Return the name of an episode in the file."""
        return layout.demo_name(int(self.demos[episode]))

    def presence(self, episode: int) -> Presence:
        """Return which entries of its vectors an episode has."""
        return self.presences[int(self.kinds[episode])]

    def words(self, episode: int) -> Words:
        """Return the texts of an episode."""
        start = int(self.text_ends[episode - 1]) if episode else 0
        return unpacked(self.texts[start : int(self.text_ends[episode])])


def fingerprint(path: Path) -> tuple[int, int, int]:
    """Return what tells whether a file is still the same: its number, size and time of change.

    Raises:
        OSError: if it is gone.
    """
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
