"""Splits a dataset into episodes for training and for validation."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import h5py
import numpy as np

from vla_humanoid.data_collection.dataset_file import DatasetFile
from vla_humanoid.data_collection.editing.edited_file import EditedFile
from vla_humanoid.data_collection.editing.source import Source, open_source
from vla_humanoid.data_collection.editing.staging import check_target, staged_dataset
from vla_humanoid.data_collection.errors import ConfigurationError

TRAIN, VALID, FAILED = "train", "valid", "failed"


@dataclass(frozen=True)
class Split:
    """How many episodes are for what.

    Args:
        train: for training.
        valid: for validation.
        failed: for neither, because they failed.
    """

    train: int
    valid: int
    failed: int


def split(
    path: Path,
    outputs: Sequence[Path],
    *,
    train: float = 0.9,
    seed: int = 0,
    overwrite: bool = False,
) -> Split:
    """Draw which episodes are for training and which for validation.

    Of each task a share of its own is drawn. Episodes of one scene stay together, so that one told
    in other words, or as another goal, does not leak from training into validation. Failed ones
    are for neither.

    Args:
        path: of the file to split.
        outputs: one file, which gets the masks ``train`` and ``valid``; or two, of which the first
            gets the episodes for training, the second those for validation.
        train: share for training, in (0, 1).
        seed: of the draw.
        overwrite: replace files that are there.

    Raises:
        ConfigurationError: if the request cannot be carried out as written.
        DatasetError: if the file cannot be read.
    """
    if not 0.0 < train < 1.0:
        raise ConfigurationError(f"--train must lie between 0 and 1, not {train}.")
    if seed < 0:
        raise ConfigurationError(f"--seed must not be negative, but is {seed}.")
    if len(outputs) not in (1, 2) or len({output.resolve() for output in outputs}) < len(outputs):
        raise ConfigurationError("Name one output, for masks, or two different ones.")
    for output in outputs:
        check_target(output, (path,), overwrite)
    edit = {"command": "split", "train": train, "seed": seed}
    with open_source(path) as source:
        chosen = assignment(source.dataset, train, seed)
        if len(outputs) == 2 and not {TRAIN, VALID} <= set(chosen.values()):
            raise ConfigurationError(
                f"{path} cannot be split into two files: that takes two scenes of a task in which "
                "the robot succeeded. Name one output."
            )
        wanted = [(TRAIN, VALID, FAILED)] if len(outputs) == 1 else [(TRAIN,), (VALID,)]
        with ExitStack() as stack:  # Either both files appear, or none does.
            files = [stack.enter_context(staged_dataset(output)) for output in outputs]
            for file, masks in zip(files, wanted, strict=True):
                _write(source, file, {k: v for k, v in chosen.items() if v in masks}, edit)
    counts = [sum(mask == wanted for mask in chosen.values()) for wanted in (TRAIN, VALID, FAILED)]
    return Split(*counts)


def assignment(dataset: DatasetFile, train: float, seed: int) -> dict[str, str]:
    """Return for each demo, by name, whether it is for training or validation, or failed.

    Args:
        dataset: the file.
        train: share for training, in (0, 1).
        seed: of the draw.

    Raises:
        DatasetError: if the file cannot be read.
    """
    chosen: dict[str, str] = {}
    scenes: dict[str, dict[tuple[int, str], list[str]]] = {}
    for demo in dataset.demos():
        if demo.success:
            # What was imported has no seed to tell scenes by: each episode is one of its own.
            scene = (-1, demo.name) if demo.is_imported else (demo.seed, "")
            scenes.setdefault(demo.text("task"), {}).setdefault(scene, []).append(demo.name)
        else:
            chosen[demo.name] = FAILED
    for task, seeds in scenes.items():
        rng = np.random.default_rng([seed, crc32(task.encode())])
        order = [sorted(seeds)[int(index)] for index in rng.permutation(len(seeds))]
        valid = round((1.0 - train) * len(order))
        valid = min(max(valid, 1), len(order) - 1)  # At least one of each, if there are two.
        for place, scene in enumerate(order):
            chosen |= dict.fromkeys(seeds[scene], VALID if place < valid else TRAIN)
    return chosen


def _write(
    source: Source, file: h5py.File, chosen: Mapping[str, str], edit: Mapping[str, object]
) -> None:
    """Write the chosen episodes; masks of other names stay."""
    drawn = {TRAIN: (), VALID: ()}
    masks = {k: v for k, v in source.header.masks.items() if k not in (TRAIN, VALID, FAILED)}
    header = replace(source.header, masks=masks | drawn)
    edited = EditedFile(file, [header], edit)
    for name in source.dataset.demo_names():
        if name in chosen:
            edited.add(source, name, (*header.masks_of(name), chosen[name]))
    edited.finish()
