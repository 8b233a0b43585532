"""Exports to formats that a dataset file has already: a check, then a copy.

A copy and no link, because tools of others write into the files that they are given: robomimic's
``split_train_val.py`` adds masks.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo, open_dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.export.source import Source

_MOST_NAMED = 8


def copy_if_sound(
    source: Source,
    target: Path,
    reader: str,
    problems: Callable[[DatasetFile], Iterator[str]],
) -> None:
    """Copy the dataset file to a target if a reader will understand it.

    Args:
        source: of a single file.
        target: where nothing is yet.
        reader: who is to read it.
        problems: yields what that reader would stumble over.

    Raises:
        ConfigurationError: if there are several files.
        DatasetError: naming what is wrong.
    """
    if len(source.paths) != 1:
        raise ConfigurationError(
            f"{reader} reads one file, not {len(source.paths)}; put them together with "
            "`vla-humanoid merge` first, or export them one by one."
        )
    (path,) = source.paths
    with open_dataset(path) as dataset:
        found = problems(dataset)
        named = list(islice(found, _MOST_NAMED))
        more = sum(1 for _ in found)
    if named:
        rest = f"; and {more} more" if more else ""
        raise DatasetError(f"{path} is nothing that {reader} reads: {'; '.join(named)}{rest}.")
    shutil.copyfile(path, target)


def header_problems(dataset: DatasetFile) -> Iterator[str]:
    """Yield what is wrong with the attributes of ``/data``, which robomimic and Isaac Lab share."""
    env_args = dataset.env_args
    if not isinstance(env_args.get("env_name"), str):
        yield "/data: env_args has no text 'env_name'"
    if not isinstance(env_args.get("type"), int):
        yield "/data: env_args has no whole number 'type'"
    total, steps = dataset.integer("total"), sum(demo.steps for demo in dataset.demos())
    if total != steps:
        yield f"/data: its attribute 'total' is {total}, but the demos have {steps} steps"


def row_problems(demo: Demo, path: str, rows: int, shape: tuple[int, ...] | None) -> Iterator[str]:
    """Yield what is wrong with the shape of a dataset.

    Args:
        demo: where it is.
        path: of the dataset in the demo.
        rows: that it must have.
        shape: of a row; None where any will do.
    """
    try:
        found = demo.dataset(path).shape
    except DatasetError as error:
        yield str(error).rstrip(".")
        return
    expected = (rows, *(found[1:] if shape is None else shape))
    if found != expected:
        yield f"/data/{demo.name}/{path} has shape {found}, not {expected}"


def all_row_problems(
    demo: Demo, paths: Iterable[str], rows: int, shape: tuple[int, ...] | None
) -> Iterator[str]:
    """Yield what is wrong with the shapes of several datasets, as `row_problems` does."""
    for path in paths:
        yield from row_problems(demo, path, rows, shape)
