"""The next keyposes of every step of every episode, looked up by sample."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.description import Description
from vla_humanoid.training.keyposes import next_keyposes


class KeyposeTable:
    """Reads all actions of a dataset once.

    Args:
        dataset: whose samples are looked up.
        description: of its actions.
        count: keyposes of each step.
    """

    def __init__(self, dataset: Dataset, description: Description, count: int) -> None:
        self._starts: dict[tuple[int, str], int] = {}
        found: list[NDArray[np.float32]] = []
        steps = 0
        for file, path_episodes in enumerate(dataset.episodes_by_file()):
            for episode in path_episodes:
                self._starts[file, episode.name] = steps
                found.append(next_keyposes(episode.actions, description.action, count))
                steps += episode.steps
        self._rows = np.concatenate(found)

    def __call__(
        self, files: Sequence[int], episodes: Sequence[str], steps: Sequence[int]
    ) -> torch.Tensor:
        """Return the keyposes of samples, shape (B, count, action dim)."""
        numbers = [
            self._starts[file, episode] + step
            for file, episode, step in zip(files, episodes, steps, strict=True)
        ]
        return torch.from_numpy(self._rows[numbers])
