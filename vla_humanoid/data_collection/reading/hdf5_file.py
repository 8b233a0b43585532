"""Reads windows through HDF5, however a file is stored."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.dataset_file import DatasetFile, open_dataset
from vla_humanoid.data_collection.reading.episode import Episode
from vla_humanoid.data_collection.reading.indexed_file import IndexedFile
from vla_humanoid.data_collection.reading.recent import Recent
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
        self._stack = ExitStack()
        dataset = self._stack.enter_context(open_dataset(index.path))
        self._episode = Recent(partial(_opened, index, dataset), _MOST_EPISODES)

    def close(self) -> None:
        """Close the file."""
        self._episode.clear()
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


def _opened(index: IndexedFile, dataset: DatasetFile, number: int) -> Episode:
    return Episode(dataset.demo(index.name(number)), tuple(index.description.images))


def _images(episode: Episode, camera: str, steps: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the images at some steps; what is repeated is read once."""
    there = {step: episode.image(camera, step) for step in dict.fromkeys(steps.tolist())}
    return np.stack([there[step] for step in steps.tolist()])
