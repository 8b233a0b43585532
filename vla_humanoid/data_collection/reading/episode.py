"""One episode, open: its numbers and words in memory, its images read when they are asked for."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.reading.frames import read_frame
from vla_humanoid.data_collection.reading.words import read_words

STATE = f"{layout.OBS}/state"


class Episode:
    """An episode as a policy may see it, checked.

    Args:
        demo: the episode in its file.
        cameras: whose images are to be read.

    Raises:
        DatasetError: if something is missing, does not fit together or is not finite.
    """

    def __init__(self, demo: Demo, cameras: Sequence[str]) -> None:
        self._demo = demo
        self.name = demo.name
        self.steps = demo.steps
        self.success = demo.success
        self.cameras = tuple(cameras)
        self.words = read_words(demo)
        self.actions = demo.actions()
        self.state = self._vectors(STATE)
        self.progress = self._column(layout.PROGRESS).astype(np.float32)
        self.subgoal = self._column(layout.SUBGOAL).astype(np.int64)
        self.sentence = self._column(layout.SENTENCE).astype(np.int64)
        self._check_index(layout.SUBGOAL, self.subgoal, len(self.words.subgoals) + 1)
        self._check_index(layout.SENTENCE, self.sentence, len(self.words.said))
        for camera in self.cameras:
            self._check_stored(camera)

    def told(self, step: int) -> str:
        """Return what the robot had been told at a step; it changes where it was corrected."""
        return self.words.said[self.sentence[step]]

    def image(self, camera: str, step: int) -> NDArray[np.uint8]:
        """Return what a camera saw at a step, shape (height, width, 3).

        Raises:
            DatasetError: if it is damaged.
        """
        return read_frame(self._demo, camera, step)

    def images(self, camera: str) -> NDArray[np.uint8]:
        """Return all that a camera saw, shape (steps, height, width, 3).

        Raises:
            DatasetError: if one image is damaged.
        """
        return np.stack([self.image(camera, step) for step in range(self.steps)])

    def _vectors(self, path: str) -> NDArray[np.float32]:
        rows = self._demo.array(path)
        if rows.ndim != 2 or len(rows) != self.steps or rows.dtype.kind != "f":
            raise self._demo.error(
                f"{path!r} is {rows.dtype} {rows.shape}, not a vector for each of {self.steps} "
                "steps"
            )
        bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
        if len(bad):
            raise self._demo.error(f"{path!r} is not finite at step {bad[0]}")
        return rows.astype(np.float32, copy=False)

    def _column(self, path: str) -> NDArray[np.generic]:
        column = self._demo.array(path)
        if column.shape != (self.steps,) or column.dtype.kind not in "fiu":
            raise self._demo.error(
                f"{path!r} is {column.dtype} {column.shape}, not a number for each of "
                f"{self.steps} steps"
            )
        return column

    def _check_stored(self, camera: str) -> None:
        """Refuse images of which some were never written: HDF5 would make them black."""
        frames = self._demo.frames(camera)
        if frames.chunks is None:
            return
        chunks = math.prod(
            -(-size // chunk) for size, chunk in zip(frames.shape, frames.chunks, strict=True)
        )
        stored = frames.id.get_num_chunks()
        if stored != chunks:
            raise self._demo.error(
                f"{layout.image_path(camera)!r} has only {stored} of {chunks} chunks"
            )

    def _check_index(self, path: str, values: NDArray[np.int64], count: int) -> None:
        if values.min() < 0 or values.max() >= count:
            raise self._demo.error(
                f"{path!r} holds {values.min()} to {values.max()}, but there are {count}"
            )
