"""The frames of episodes as LeRobot numbers them, and what is counted on the way."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vla_humanoid.data_collection.export.feature_statistics import Statistics, counted_statistics
from vla_humanoid.data_collection.export.lerobot_layout import (
    Columns,
    counter_statistics,
    image_statistics,
    timestamps,
)
from vla_humanoid.data_collection.export.source import Episode


class Tasks:
    """Sentences, numbered in the order in which they first occur."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of them; the number of each is its place."""
        return tuple(self._numbers)

    def number(self, sentence: str) -> int:
        """Return the number of a sentence."""
        return self._numbers.setdefault(sentence, len(self._numbers))


class FrameCounter:
    """Numbers the frames of one episode after the other.

    Args:
        rate: frames per second.
        tasks: the sentences, which it adds to.
    """

    def __init__(self, rate: int, tasks: Tasks) -> None:
        self.lengths: list[int] = []
        self.frames = 0
        self._rate = rate
        self._tasks = tasks
        self._ends = np.zeros(2, np.int64)
        self._successes = np.zeros(2, np.int64)
        self._of_tasks: dict[int, int] = {}

    def columns(self, episode: Episode) -> Columns:
        """Return what every frame of the next episode has beside images, state and action."""
        steps = episode.steps
        said, sentence = episode.sentences()
        numbers = np.array([self._tasks.number(text) for text in said], np.int64)
        done = episode.dones()
        columns: Columns = {
            "next.reward": episode.rewards(),
            "next.done": done,
            "next.success": done & episode.success,
            "timestamp": timestamps(steps, self._rate),
            "frame_index": np.arange(steps),
            "episode_index": np.full(steps, len(self.lengths)),
            "index": np.arange(self.frames, self.frames + steps),
            "task_index": numbers[sentence],
        }
        self._count(columns)
        return columns

    def _count(self, columns: Columns) -> None:
        steps = len(columns["index"])
        self.lengths.append(steps)
        self.frames += steps
        self._ends += np.bincount(columns["next.done"].astype(np.int64), minlength=2)
        self._successes += np.bincount(columns["next.success"].astype(np.int64), minlength=2)
        for task, count in zip(*np.unique(columns["task_index"], return_counts=True), strict=True):
            self._of_tasks[int(task)] = self._of_tasks.get(int(task), 0) + int(count)

    def statistics(self) -> dict[str, Statistics]:
        """Return the statistics of all these columns over all episodes, but of the reward."""
        tasks = sorted(self._of_tasks)
        counts = np.array([self._of_tasks[task] for task in tasks], np.int64)
        truth = np.array([0, 1])
        return {
            "next.done": counted_statistics(truth, [self._ends], self.frames),
            "next.success": counted_statistics(truth, [self._successes], self.frames),
            **counter_statistics(self.lengths, self._rate),
            "task_index": counted_statistics(np.array(tasks), [counts], self.frames),
        }


class ImageCounter:
    """Counts how often each value occurs in the images of each camera, red, green and blue apart.

    Args:
        cameras: their names.
    """

    def __init__(self, cameras: Sequence[str]) -> None:
        self._all = {camera: np.zeros((3, 256), np.int64) for camera in cameras}
        self._episode = {camera: np.zeros((3, 256), np.int64) for camera in cameras}

    def add(self, camera: str, image: NDArray[np.uint8]) -> None:
        """Count an image of the episode, shape (height, width, 3)."""
        self._episode[camera] += np.array(Image.fromarray(image).histogram()).reshape(3, 256)

    def end_episode(self, steps: int) -> dict[str, Statistics]:
        """Return the statistics of the episode, of each camera."""
        found = _statistics(self._episode, steps)
        for camera, histogram in self._episode.items():
            self._all[camera] += histogram
            histogram[:] = 0
        return found

    def statistics(self, steps: int) -> dict[str, Statistics]:
        """Return the statistics of all episodes, of each camera."""
        return _statistics(self._all, steps)


def _statistics(histograms: Mapping[str, NDArray[np.int64]], steps: int) -> dict[str, Statistics]:
    return {camera: image_statistics(histogram, steps) for camera, histogram in histograms.items()}
