"""Reads windows at known places of a file."""

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.reading.episode import STATE
from vla_humanoid.data_collection.reading.extents import ROWS, Extents
from vla_humanoid.data_collection.reading.frames import frame_is_damaged
from vla_humanoid.data_collection.reading.indexed_file import IndexedFile, fingerprint
from vla_humanoid.data_collection.reading.inflate import fastest_inflate
from vla_humanoid.data_collection.reading.window import Window

inflate = fastest_inflate()
"""Decompresses images."""


class LocatedFile:
    """A file of which it is known where everything lies; a `WindowReader`.

    Args:
        index: of the file.
        extents: the places.

    Raises:
        DatasetError: if the file is gone or has changed.
    """

    def __init__(self, index: IndexedFile, extents: Extents) -> None:
        path = index.path
        try:
            same = fingerprint(path) == index.fingerprint
            self._descriptor = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise DatasetError(f"{path} cannot be opened any more: {error}.") from error
        if not same:
            self.close()
            raise DatasetError(f"{path} has changed since it was indexed; make the dataset anew.")
        self._index = index
        self._extents = extents

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def window(
        self,
        episode: int,
        observations: NDArray[np.int64],
        actions: NDArray[np.int64],
        cameras: Sequence[str],
    ) -> Window:
        """Return some steps of an episode, as `WindowReader` does."""
        description = self._index.description
        state = self._rows(STATE, episode, observations, len(description.state))
        chosen = self._rows(layout.ACTIONS, episode, actions, len(description.action))
        return Window(
            images={camera: self._images(camera, episode, observations) for camera in cameras},
            state=state.astype(np.float32, copy=False),
            actions=chosen.astype(np.float32, copy=False),
        )

    def image(self, camera: str, episode: int, step: int) -> NDArray[np.uint8]:
        """Return what a camera saw at a step, as `WindowReader` does."""
        return self._images(camera, episode, np.array([step]))[0]

    def _rows(
        self, path: str, episode: int, rows: NDArray[np.int64], width: int
    ) -> NDArray[np.generic]:
        dtype = ROWS[path]
        first, count = int(rows[0]), int(rows[-1] - rows[0]) + 1
        size = dtype.itemsize * width
        start = int(self._extents.rows[path][episode]) + first * size
        values = np.frombuffer(self._read(start, count * size), dtype).reshape(count, width)
        return values[rows - first]  # A copy, which may be written to.

    def _images(self, camera: str, episode: int, steps: NDArray[np.int64]) -> NDArray[np.uint8]:
        height, width = self._index.description.images[camera]
        images = np.empty((len(steps), height * width * 3), np.uint8)
        for place, step in enumerate(steps.tolist()):
            if place and step == steps[place - 1]:
                images[place] = images[place - 1]
            else:
                images[place] = self._image(camera, episode, step, images.shape[1])
        return images.reshape(len(steps), height, width, 3)

    def _image(self, camera: str, episode: int, step: int, size: int) -> NDArray[np.uint8]:
        number = self._index.start(episode) + step
        offset = int(self._extents.frame_offsets[camera][number])
        stream = self._read(offset, int(self._extents.frame_sizes[camera][number]))
        try:
            return np.frombuffer(inflate(stream, size), np.uint8)
        except ValueError as error:
            raise DatasetError(
                f"{self._index.path}: /{layout.DATA}/{self._index.name(episode)} cannot be read: "
                f"{frame_is_damaged(camera, step, error)}."
            ) from error

    def _read(self, offset: int, size: int) -> bytes:
        content = os.pread(self._descriptor, size, offset)
        if len(content) != size:
            raise DatasetError(f"{self._index.path} has become shorter since it was indexed.")
        return content
