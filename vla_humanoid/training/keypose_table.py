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
        self._rows: dict[tuple[int, str], NDArray[np.float32]] = {}
        for file, path_episodes in enumerate(dataset.episodes_by_file()):
            for episode in path_episodes:
                self._rows[file, episode.name] = next_keyposes(
                    episode.actions, description.action, count
                )

    def __call__(
        self, files: Sequence[int], episodes: Sequence[str], steps: Sequence[int]
    ) -> torch.Tensor:
        """Return the keyposes of samples, shape (B, count, action dim)."""
        rows = [
            self._rows[file, episode][step]
            for file, episode, step in zip(files, episodes, steps, strict=True)
        ]
        return torch.from_numpy(np.stack(rows))
