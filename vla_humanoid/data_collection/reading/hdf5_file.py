"""Reads windows through HDF5, however a file is stored."""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.reading.episode import Episode
from vla_humanoid.data_collection.reading.indexed_file import IndexedFile
from vla_humanoid.data_collection.reading.window import Window

_MOST_EPISODES = 16
"""Held open; HDF5 keeps some megabytes of decompressed images for each."""


class Hdf5File:
    """A file that was written by others, or is unfinished; a `WindowReader`.

    Args:
        index: of the file.

    Raises:
        DatasetError: if it cannot be opened.
    """

    def __init__(self, index: IndexedFile) -> None:
        self._index = index
        self._stack = ExitStack()
        self._dataset = self._stack.enter_context(open_dataset(index.path))
        self._episodes: OrderedDict[int, Episode] = OrderedDict()

    def close(self) -> None:
        """Close the file."""
        self._episodes.clear()
        self._stack.close()

    def window(
        self,
        episode: int,
        observations: NDArray[np.int64],
        actions: NDArray[np.int64],
        cameras: Sequence[str],
    ) -> Window:
        """Return some steps of an episode, as `WindowReader` does."""
        found = self._episode(episode)
        return Window(
            images={camera: _images(found, camera, observations) for camera in cameras},
            state=found.state[observations],
            actions=found.actions[actions],
        )

    def image(self, camera: str, episode: int, step: int) -> NDArray[np.uint8]:
        """Return what a camera saw at a step, as `WindowReader` does."""
        return self._episode(episode).image(camera, step)

    def _episode(self, number: int) -> Episode:
        if number not in self._episodes:
            demo = self._dataset.demo(self._index.name(number))
            self._episodes[number] = Episode(demo, tuple(self._index.description.images))
            if len(self._episodes) > _MOST_EPISODES:
                self._episodes.popitem(last=False)
        self._episodes.move_to_end(number)
        return self._episodes[number]


def _images(episode: Episode, camera: str, steps: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the images at some steps; what is repeated is read once."""
    there = {step: episode.image(camera, step) for step in dict.fromkeys(steps.tolist())}
    return np.stack([there[step] for step in steps.tolist()])
