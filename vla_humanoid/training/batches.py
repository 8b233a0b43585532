"""Batches of samples with everything that the losses compare, in an order that can be taken up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import multiprocessing
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as MapStyle

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.data_collection.reading.torch_dataset import Batch, stacked
from vla_humanoid.policies.slots import Slot, targets
from vla_humanoid.policies.views import view_name
from vla_humanoid.training.distributed import ALONE, Share
from vla_humanoid.training.goal_slots import goal_slots
from vla_humanoid.training.keypose_table import KeyposeTable
from vla_humanoid.training.losses import Truth
from vla_humanoid.training.named_table import NamedTable
from vla_humanoid.training.signals import leave_interrupts

Order: TypeAlias = Callable[[int], NDArray[np.int64]]
"""Returns the positions in an epoch, by its number, that samples are taken from."""


@dataclass(frozen=True)
class Seen:
    """What the model is shown of a batch.

    Args:
        images: by name of the view, uint8, shape (B, H, W, 3).
        state: shape (B, all entries).
        felt: True for entries of the state that the episode has, shape (B, all entries); for the
            others there are stand-ins.
        sentences: one for each.
        named: what the grounding network makes of them, shape (B, F); None if there is none.
    """

    images: dict[str, torch.Tensor]
    state: torch.Tensor
    felt: torch.Tensor
    sentences: list[str]
    named: torch.Tensor | None = None


Drawn: TypeAlias = tuple[Seen, Truth]
"""What the model is shown of a batch, and what was demonstrated."""

_WITHOUT_END = 2**62
"""Batches."""


def batches(
    dataset: Dataset,
    keyposes: KeyposeTable,
    size: int,
    start: int,
    workers: int,
    share: Share = ALONE,
    order: Order | None = None,
    slots: Sequence[Slot] = (),
    named: NamedTable | None = None,
) -> Iterator[Drawn]:
    """Yield batches, epoch after epoch, without end; the last of an epoch is left out if short.

    Args:
        dataset: to draw from.
        keyposes: of its steps.
        size: samples of a batch, of all processes together.
        start: batches that have been seen before.
        workers: processes that read; 0 to read here.
        share: the part of every batch that is wanted.
        order: of the samples; None for that of the dataset.
        slots: of the goal, whose values are read from the sentences.
        named: what is meant by sentences in episodes; None without a grounding network.

    Raises:
        ConfigurationError: if an epoch has not one batch, or a batch cannot be shared evenly.
    """
    each = whole_batches(dataset, size)
    if size % share.processes:
        raise ConfigurationError(
            f"A batch of {size} cannot be shared by {share.processes} processes; choose a "
            f"batch_size that is a multiple of {share.processes}."
        )
    yield from DataLoader(
        _Batches(dataset, (each, size), share, order, keyposes, slots, named),
        sampler=range(start, _WITHOUT_END),  # One loader for all epochs: some are short.
        batch_size=1,
        num_workers=workers,
        collate_fn=_only,
        prefetch_factor=4 if workers else None,
        worker_init_fn=_begin_to_read,
    )


def whole_batches(dataset: Dataset, size: int) -> int:
    """Return how many batches of a size there are in an epoch.

    Raises:
        ConfigurationError: if there is not one.
    """
    if size > len(dataset):
        raise ConfigurationError(
            f"There are {len(dataset)} samples; batch_size must not be more, but is {size}."
        )
    return len(dataset) // size


class _Batches(MapStyle[Drawn]):
    """Batches by their number, counted over all epochs.

    Where samples are read all else is looked up as well, so that the trainer need not.

    Args:
        dataset: to draw from.
        shape: batches of an epoch, and samples of a batch.
        share: the part of every batch that is wanted.
        order: of the samples; None for that of the dataset.
        keyposes: of the dataset's steps.
        slots: of the goal.
        named: what is meant by sentences; None without a grounding network.
    """

    def __init__(
        self,
        dataset: Dataset,
        shape: tuple[int, int],
        share: Share,
        order: Order | None,
        keyposes: KeyposeTable,
        slots: Sequence[Slot],
        named: NamedTable | None,
    ) -> None:
        self._dataset, self._shape, self._share, self._order = dataset, shape, share, order
        self._keyposes, self._slots, self._named = keyposes, slots, named
        self._begin(0)

    def __getitem__(self, number: int) -> Drawn:
        """Return a batch."""
        epoch, place = divmod(number, self._shape[0])
        if epoch != self._epoch:
            self._begin(epoch)
        batch = stacked(self._dataset.__getitems__(self._positions[place].tolist()))
        return _shown_and_done(batch, self._keyposes, self._slots, self._named)

    def _begin(self, epoch: int) -> None:
        """Draw from an epoch from now on."""
        self._epoch = epoch
        self._dataset.set_epoch(epoch)
        whole = np.arange(len(self._dataset)) if self._order is None else self._order(epoch)
        batches, size = self._shape
        rows = whole[: batches * size].reshape(batches, size)
        self._positions = np.split(rows, self._share.processes, axis=1)[self._share.rank]


def _only(drawn: list[Drawn]) -> Drawn:
    (one,) = drawn
    return one


def _begin_to_read(worker: int) -> None:
    """Prepare a process that reads.

    It names the memory that it shares. Otherwise it would hand over a descriptor for each tensor,
    one by one, when the trainer asks for it, and the trainer would wait for what it does meanwhile.
    """
    leave_interrupts()
    multiprocessing.set_sharing_strategy("file_system")


def views_of(batch: Batch) -> dict[str, torch.Tensor]:
    """Return the images of a batch by the names of the views that a model may have of them."""
    now = {view_name(name, "now"): images[:, -1] for name, images in batch["images"].items()}
    return now | {view_name(name, "told"): one for name, one in batch["told_images"].items()}


def _shown_and_done(
    batch: Batch, keyposes: KeyposeTable, slots: Sequence[Slot], named: NamedTable | None
) -> Drawn:
    """Return what the model is shown of a batch, and what was demonstrated."""
    files, said = batch["file"].tolist(), batch["sentence"]
    meant = None if named is None else named(files, batch["episode"], said)
    seen = Seen(views_of(batch), batch["state"][:, -1], batch["state_mask"], said, meant)
    goals = map(goal_slots, batch["task"], batch["sentence"])
    filled = [targets(slots, goal) for goal in goals] if slots else [()] * len(batch["task"])
    truth = Truth(
        actions=batch["actions"],
        padding=batch["action_is_pad"],
        present=batch["action_mask"],
        keyposes=keyposes(files, batch["episode"], batch["step"].tolist()),
        subgoal=batch["subgoal_index"],
        progress=batch["progress"].float(),
        slots=torch.tensor(filled, dtype=torch.int64),
    )
    return seen, truth
