"""Keeps the texts of the episodes that were asked for last."""

from collections import OrderedDict
from collections.abc import Sequence

from vla_humanoid.data_collection.reading.indexed_file import IndexedFile
from vla_humanoid.data_collection.reading.words import Words

_MOST = 4096
"""Episodes; texts of an episode take some kilobytes as objects."""


class RecentWords:
    """The texts of indexed files' episodes, unpacked.

    Args:
        index: of each file.
    """

    def __init__(self, index: Sequence[IndexedFile]) -> None:
        self._index = tuple(index)
        self._words: OrderedDict[tuple[int, int], Words] = OrderedDict()

    def __call__(self, file: int, episode: int) -> Words:
        """Return the texts of a file's episode."""
        key = (file, episode)
        if key not in self._words:
            self._words[key] = self._index[file].words(episode)
            if len(self._words) > _MOST:
                self._words.popitem(last=False)
        self._words.move_to_end(key)
        return self._words[key]
