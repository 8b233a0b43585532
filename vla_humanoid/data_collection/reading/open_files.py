"""Keeps files open from sample to sample, each process its own."""

import os
from collections.abc import Sequence

from vla_humanoid.data_collection.reading.hdf5_file import Hdf5File
from vla_humanoid.data_collection.reading.indexed_file import IndexedFile
from vla_humanoid.data_collection.reading.located_file import LocatedFile
from vla_humanoid.data_collection.reading.window import WindowReader


class OpenFiles:
    """Some indexed files, opened when they are needed.

    It may be carried into another process, forked or spawned: that opens the files anew.

    Args:
        index: of each file.
    """

    def __init__(self, index: Sequence[IndexedFile]) -> None:
        self._index = tuple(index)
        self._process = os.getpid()
        self._readers: dict[int, WindowReader] = {}

    def reader(self, file: int) -> WindowReader:
        """Return what reads a file, by its number.

        Raises:
            DatasetError: if it cannot be opened, or has changed.
        """
        if self._process != os.getpid():
            self.close()  # Forked: HDF5 must not go on with what the parent has open.
            self._process = os.getpid()
        if file not in self._readers:
            index, extents = self._index[file], self._index[file].extents
            known = extents is not None
            self._readers[file] = LocatedFile(index, extents) if known else Hdf5File(index)
        return self._readers[file]

    def close(self) -> None:
        """Close all files; they are opened again when they are needed."""
        for reader in self._readers.values():
            reader.close()
        self._readers = {}

    def __getstate__(self) -> dict[str, object]:
        return {"_index": self._index, "_process": -1, "_readers": {}}
