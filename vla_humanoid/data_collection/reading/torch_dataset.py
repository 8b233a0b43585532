"""Samples as torch tensors; importing this imports torch."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset as MapStyle

from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.data_collection.reading.sample import Sample


class TorchSample(TypedDict):
    """A `Sample` whose arrays are tensors."""

    images: dict[str, torch.Tensor]
    told_images: dict[str, torch.Tensor]
    state: torch.Tensor
    observation_is_pad: torch.Tensor
    actions: torch.Tensor
    action_is_pad: torch.Tensor
    action_mask: torch.Tensor
    state_mask: torch.Tensor
    sentence: str
    subgoal: str
    subgoal_index: int
    progress: float
    task: str
    file: int
    episode: str
    step: int


class Batch(TypedDict):
    """Samples stacked along a new first axis; texts in lists."""

    images: dict[str, torch.Tensor]
    told_images: dict[str, torch.Tensor]
    state: torch.Tensor
    observation_is_pad: torch.Tensor
    actions: torch.Tensor
    action_is_pad: torch.Tensor
    action_mask: torch.Tensor
    state_mask: torch.Tensor
    sentence: list[str]
    subgoal: list[str]
    subgoal_index: torch.Tensor
    progress: torch.Tensor
    task: list[str]
    file: torch.Tensor
    episode: list[str]
    step: torch.Tensor


class TorchDataset(MapStyle[TorchSample]):
    """A map-style dataset for a `DataLoader`.

    The order of an epoch is that of the dataset itself: leave the loader's ``shuffle`` off, and
    call `set_epoch` before each epoch.

    Args:
        dataset: whose samples it gives.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        # Shared memory: workers that live on from epoch to epoch see it change.
        self._epoch = torch.tensor(dataset.epoch).share_memory_()

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> TorchSample:
        """Return a sample of the epoch.

        Raises:
            IndexError: if there are not so many.
            DatasetError: if it cannot be read.
        """
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[TorchSample]:
        """Return samples of the epoch, as `DataLoader` asks for those of a batch.

        Raises:
            IndexError: if there are not so many.
            DatasetError: if one cannot be read.
        """
        self.dataset.set_epoch(int(self._epoch.item()))
        return [_tensors(sample) for sample in self.dataset.__getitems__(indices)]

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch, >= 0, also in workers that are running; not while one is being read."""
        self.dataset.set_epoch(epoch)
        self._epoch.fill_(epoch)


def stacked(samples: Sequence[Sample]) -> Batch:
    """Return samples as a batch, the same as `DataLoader` makes of them, in less time."""
    first = samples[0]
    return {
        "images": {
            camera: _stack([one.images[camera] for one in samples]) for camera in first.images
        },
        "told_images": {
            camera: _stack([one.told_images[camera] for one in samples])
            for camera in first.told_images
        },
        "state": _stack([one.state for one in samples]),
        "observation_is_pad": _stack([one.observation_is_pad for one in samples]),
        "actions": _stack([one.actions for one in samples]),
        "action_is_pad": _stack([one.action_is_pad for one in samples]),
        "action_mask": _stack([one.action_mask for one in samples]),
        "state_mask": _stack([one.state_mask for one in samples]),
        "sentence": [one.sentence for one in samples],
        "subgoal": [one.subgoal for one in samples],
        "subgoal_index": torch.tensor([one.subgoal_index for one in samples]),
        "progress": torch.tensor([one.progress for one in samples], dtype=torch.float64),
        "task": [one.task for one in samples],
        "file": torch.tensor([one.file for one in samples]),
        "episode": [one.episode for one in samples],
        "step": torch.tensor([one.step for one in samples]),
    }


def _tensors(sample: Sample) -> TorchSample:
    return {
        "images": {camera: _tensor(images) for camera, images in sample.images.items()},
        "told_images": {camera: _tensor(image) for camera, image in sample.told_images.items()},
        "state": _tensor(sample.state),
        "observation_is_pad": _tensor(sample.observation_is_pad),
        "actions": _tensor(sample.actions),
        "action_is_pad": _tensor(sample.action_is_pad),
        "action_mask": _tensor(sample.action_mask),
        "state_mask": _tensor(sample.state_mask),
        "sentence": sample.sentence,
        "subgoal": sample.subgoal,
        "subgoal_index": sample.subgoal_index,
        "progress": sample.progress,
        "task": sample.task,
        "file": sample.file,
        "episode": sample.episode,
        "step": sample.step,
    }


def _tensor(array: NDArray[np.generic]) -> torch.Tensor:
    return torch.from_numpy(array)


def _stack(arrays: Sequence[NDArray[np.generic]]) -> torch.Tensor:
    return torch.from_numpy(np.stack(arrays))
