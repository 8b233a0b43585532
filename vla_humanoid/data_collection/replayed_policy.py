"""Recorded actions as a policy: what is served works before there is a model."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.dataset_file import DatasetFile, open_dataset
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.file_description import describe_file
from vla_humanoid.data_collection.reading.episode import Episode
from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import PolicyError, Query

HORIZON = 16
"""Actions of an answer."""


@dataclass(frozen=True)
class _Recorded:
    """An episode without its images.

    Args:
        told: every sentence that the robot is told in it.
        state: what it was like at each step, as parts of the ranges; shape (steps, n).
        actions: what it did, shape (steps, action dim).
    """

    told: frozenset[str]
    state: NDArray[np.float32]
    actions: NDArray[np.float32]


class ReplayedPolicy:
    """Answers with recorded actions.

    They are those of an episode with the same sentence, from the step on at which the robot was
    most alike; after the last one it repeats. It remembers nothing between two questions.

    Args:
        path: of a dataset file.

    Raises:
        DatasetError: if it is none, is damaged, or holds no episodes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with open_dataset(path) as dataset:
            self.description = _description(dataset, path)
            low = np.array([field.low for field in self.description.state])
            high = np.array([field.high for field in self.description.state])
            # So that metres and radians count alike; what has no range counts as it is.
            finite = np.isfinite(high - low)
            self._scale = np.where(finite, high - low, 1.0).astype(np.float32)
            episodes = [Episode(demo, ()) for demo in dataset.demos()]
        self._episodes = [
            _Recorded(frozenset(episode.words.said), episode.state / self._scale, episode.actions)
            for episode in episodes
        ]

    def reset(self, instruction: str) -> None:
        """Do nothing: every question is answered for itself."""

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return recorded actions, shape (horizon, action dim).

        Raises:
            PolicyError: if no episode has the sentence.
        """
        sentence = str(query.observation["instruction"])
        candidates = [episode for episode in self._episodes if sentence in episode.told]
        if not candidates:
            raise PolicyError(f"{self._path.name} has no episode with the sentence {sentence!r}.")
        state = np.asarray(query.observation["state"], dtype=np.float32) / self._scale
        nearest = [_nearest(episode, state) for episode in candidates]
        best = int(np.argmin([distance for distance, _ in nearest]))
        actions, step = candidates[best].actions, nearest[best][1]
        return actions[np.minimum(np.arange(step, step + HORIZON), len(actions) - 1)]


def _nearest(episode: _Recorded, state: NDArray[np.float32]) -> tuple[float, int]:
    """Return how far a state is from the nearest one of an episode, and that one's step."""
    distances: NDArray[np.float32] = np.square(episode.state - state).sum(axis=1)
    step = int(distances.argmin())
    return float(distances[step]), step


def _description(dataset: DatasetFile, path: Path) -> Description:
    demo = next(dataset.demos(), None)
    if demo is None:
        raise DatasetError(f"{path} holds no episodes.")
    return describe_file(dataset, demo).for_policy(path)
