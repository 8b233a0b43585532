"""Batches of samples with everything that the losses compare, in an order that can be taken up."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch.utils.data import DataLoader, Subset

from vla_humanoid.data_collection.reading.torch_dataset import Batch, TorchDataset
from vla_humanoid.training.keypose_table import KeyposeTable
from vla_humanoid.training.losses import Truth


@dataclass(frozen=True)
class Seen:
    """What the model is shown of a batch.

    Args:
        images: by camera, uint8, shape (B, H, W, 3).
        state: shape (B, all entries).
        sentences: one for each.
    """

    images: dict[str, torch.Tensor]
    state: torch.Tensor
    sentences: list[str]


def batches(
    dataset: TorchDataset, keyposes: KeyposeTable, size: int, start: int, workers: int
) -> Iterator[tuple[Seen, Truth]]:
    """Yield batches, epoch after epoch, without end; the last of an epoch is left out if short.

    Args:
        dataset: to draw from.
        keyposes: of its steps.
        size: samples of a batch.
        start: batches that have been seen before.
        workers: processes that read; 0 to read here.
    """
    each = len(dataset) // size
    epoch, done = divmod(start, each)
    while True:
        dataset.set_epoch(epoch)
        rest = Subset(dataset, range(done * size, each * size))
        loader = DataLoader(
            rest,
            size,
            num_workers=workers,
            collate_fn=TorchDataset.collate,
            prefetch_factor=4 if workers else None,
        )
        for batch in loader:
            yield _split(batch, keyposes)
        epoch, done = epoch + 1, 0


def _split(batch: Batch, keyposes: KeyposeTable) -> tuple[Seen, Truth]:
    seen = Seen(
        {camera: images[:, -1] for camera, images in batch["images"].items()},
        batch["state"][:, -1],
        batch["sentence"],
    )
    truth = Truth(
        actions=batch["actions"],
        padding=batch["action_is_pad"],
        keyposes=keyposes(batch["file"].tolist(), batch["episode"], batch["step"].tolist()),
        subgoal=batch["subgoal_index"],
        progress=batch["progress"].float(),
    )
    return seen, truth
