"""The samples of a run, for training and for validation."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.batches import Seen, batches
from vla_humanoid.training.distributed import Share
from vla_humanoid.training.grip_changes import GripChangeOrder
from vla_humanoid.training.keypose_table import KeyposeTable
from vla_humanoid.training.losses import Truth
from vla_humanoid.training.model_making import require_sayable
from vla_humanoid.training.named_table import NamedTable, named_table
from vla_humanoid.training.request import Request

VALIDATION_BATCH = 64


def training_set(request: Request, config: ModelConfig | None = None) -> Dataset:
    """Return the samples that a run trains on.

    Args:
        request: of the run.
        config: of the model that is trained; None for one action and what all cameras see.

    Raises:
        ConfigurationError: if the files do not fit together.
        DatasetError: if something cannot be read.
    """
    return Dataset(
        request.files,
        action_steps=config.horizon if config else 1,
        cameras=config.cameras_at("now") if config else None,
        told=config.cameras_at("told") if config else (),
        mask="train",
        seed=request.training.seed,
        weights=request.weights or None,
        episodes=request.demonstrations,
    )


def training_batches(
    request: Request,
    dataset: Dataset,
    model: PolicyModel,
    start: int,
    share: Share,
) -> Iterator[tuple[Seen, Truth]]:
    """Yield the batches of a run, without end, from the one that comes after ``start`` others."""
    told, config, description = request.training, model.config, model.description
    order = (
        None
        if told.grip_change_weight == 1.0
        else GripChangeOrder(
            dataset, description.action, config.horizon, told.grip_change_weight, told.seed
        )
    )
    return batches(
        dataset,
        KeyposeTable(dataset, description, config.keyposes),
        told.batch_size,
        start,
        request.schedule.readers,
        share,
        order,
        config.slots,
        named_table(dataset, model),
    )


@dataclass(frozen=True)
class Unseen:
    """What a run is validated on.

    Args:
        batches: of samples, the same every time.
        in_order: the same episodes, step by step.
        named: what is meant by sentences in them; None without a grounding network.
    """

    batches: tuple[tuple[Seen, Truth], ...]
    in_order: Dataset
    named: NamedTable | None = None


def unseen(request: Request, model: PolicyModel) -> Unseen | None:
    """Return what a run is validated on; None if its files hold nothing back for it.

    Raises:
        ConfigurationError: if a sentence is too long for the model.
        DatasetError: if something cannot be read.
    """
    config, description = model.config, model.description
    files = [path for path in request.files if _holds_back(path)]
    if not files:
        return None

    def made(shuffle: bool) -> Dataset:
        return Dataset(
            files,
            action_steps=config.horizon,
            cameras=config.cameras_at("now"),
            told=config.cameras_at("told"),
            mask="valid",
            seed=request.training.seed + 1,
            shuffle=shuffle,
            paraphrase=False,
        )

    mixed = made(shuffle=True)
    require_sayable(model, mixed)
    size = min(VALIDATION_BATCH, len(mixed))
    count = min(request.schedule.validation_batches, len(mixed) // size)
    keyposes = KeyposeTable(mixed, description, config.keyposes)
    named = named_table(mixed, model)
    drawn = tuple(
        islice(
            batches(mixed, keyposes, size, 0, 0, slots=config.slots, named=named),
            count,
        )
    )
    mixed.close()
    return Unseen(drawn, made(shuffle=False), named)


def _holds_back(path: Path) -> bool:
    with open_dataset(path) as file:
        return bool(file.masks().get("valid"))
