"""Which episodes a dataset draws from: found and checked once, when it is made."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo, open_dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.file_description import (
    FileDescription,
    describe_file,
    file_differences,
    image_sizes,
)
from vla_humanoid.data_collection.reading.episode import Episode
from vla_humanoid.data_collection.reading.extents import Extents, find_extents, joined
from vla_humanoid.data_collection.reading.indexed_file import IndexedFile, fingerprint
from vla_humanoid.data_collection.reading.presence import Presence, read_presence, told_once

Damaged: TypeAlias = Literal["refuse", "skip"]
"""What to do about episodes that cannot be read."""

_SHOWN = 20
"""Damaged episodes that a message lists."""


class DamagedEpisodes(UserWarning):
    """Episodes that were left out, since they cannot be read."""


def index_files(
    paths: Sequence[Path],
    cameras: Sequence[str] | None,
    mask: str | None,
    damaged: Damaged,
    most: int | None = None,
) -> tuple[list[IndexedFile], tuple[str, ...]]:
    """Find and check the episodes of some files.

    Args:
        paths: of the files.
        cameras: whose images are wanted; None for all of them.
        mask: which episodes, such as "train"; None for all of them.
        damaged: whether to go on without episodes that cannot be read.
        most: how many episodes of each file, the first ones; None for all of them.

    Returns:
        A file for each path, and why episodes were left out.

    Raises:
        ConfigurationError: if there is nothing to read, or the files do not fit together.
        DatasetError: if episodes cannot be read and are not to be skipped; all of them are named.
    """
    if not paths:
        raise ConfigurationError("There are no files to read.")
    problems: list[str] = []
    files = [_index_file(path, cameras, mask, most, problems) for path in paths]
    if problems and damaged == "refuse":
        raise DatasetError(
            f"{_list_of(problems)}\nRepair or leave out the files, or pass damaged='skip' to go on "
            "without these episodes."
        )
    found = [file for file in files if file is not None]
    if len(found) < len(paths):
        lost = [str(path) for path, file in zip(paths, files, strict=True) if file is None]
        raise DatasetError(
            f"There is no episode left to read in {', '.join(lost)}:\n{_list_of(problems)}"
        )
    _check_alike(found)
    if problems:
        warnings.warn(_list_of(problems), DamagedEpisodes, stacklevel=3)
    return found, tuple(problems)


def _index_file(
    path: Path,
    cameras: Sequence[str] | None,
    mask: str | None,
    most: int | None,
    problems: list[str],
) -> IndexedFile | None:
    """Index a file, and note what cannot be read of it; None if nothing can."""
    try:
        with open_dataset(path) as dataset:
            return _index_episodes(dataset, cameras, _names(dataset, mask)[:most], problems)
    except DatasetError as error:
        problems.append(str(error))
        return None


def _index_episodes(
    dataset: DatasetFile, cameras: Sequence[str] | None, names: Sequence[str], problems: list[str]
) -> IndexedFile | None:
    description: FileDescription | None = None
    found: list[_Entry] = []
    for name in names:
        try:
            demo = dataset.demo(name)
            if description is None:
                description = _with_cameras(describe_file(dataset, demo), cameras, dataset)
            found.append(_entry(dataset, demo, description))
        except DatasetError as error:
            problems.append(str(error))
    if description is None or not found:
        return None
    extents = [entry.extents for entry in found if entry.extents is not None]
    presences, kinds = told_once([entry.presence for entry in found])
    return IndexedFile(
        path=dataset.path,
        fingerprint=fingerprint(dataset.path),
        description=description,
        demos=np.array([entry.demo for entry in found]),
        ends=np.cumsum([len(entry.progress) for entry in found]),
        progress=np.concatenate([entry.progress for entry in found]),
        subgoal=np.concatenate([entry.subgoal for entry in found]),
        sentence=np.concatenate([entry.sentence for entry in found]),
        texts=b"".join(entry.texts for entry in found),
        text_ends=np.cumsum([len(entry.texts) for entry in found]),
        extents=joined(extents) if len(extents) == len(found) else None,
        presences=presences,
        kinds=kinds,
    )


@dataclass(frozen=True)
class _Entry:
    """What is kept of an episode."""

    demo: int
    progress: NDArray[np.float32]
    subgoal: NDArray[np.int32]
    sentence: NDArray[np.int32]
    texts: bytes
    extents: Extents | None
    presence: Presence


def _entry(dataset: DatasetFile, demo: Demo, description: FileDescription) -> _Entry:
    """Return what is kept of an episode that can be read and is as described."""
    cameras = tuple(description.images)
    episode = Episode(demo, cameras)
    for name, width, fields in (
        ("action", episode.actions.shape[1], description.action),
        ("state", episode.state.shape[1], description.state),
    ):
        if width != len(fields):
            raise demo.error(f"its {name} has {width} entries, but {len(fields)} are described")
    for camera, size in image_sizes(demo, cameras).items():
        if size != description.images[camera]:
            raise demo.error(
                f"images of camera {camera!r} are {size}, not {description.images[camera]} as in "
                "the file's first episode"
            )
    return _Entry(
        demo=layout.demo_number(demo.name),
        progress=episode.progress,
        subgoal=episode.subgoal.astype(np.int32),
        sentence=episode.sentence.astype(np.int32),
        texts=episode.words.packed(),
        extents=find_extents(demo, cameras, dataset.path),
        presence=read_presence(dataset, demo, description),
    )


def _names(dataset: DatasetFile, mask: str | None) -> tuple[str, ...]:
    if mask is None:
        names = dataset.demo_names()
    else:
        masks = dataset.masks()
        if mask not in masks:
            raise ConfigurationError(
                f"{dataset.path} has no mask {mask!r}; it has {', '.join(masks) or 'none'}. Pass "
                "mask=None for all of its episodes."
            )
        names = masks[mask]
    if not names:
        which = "" if mask is None else f" in mask {mask!r}"
        raise ConfigurationError(f"{dataset.path} has no episodes{which}.")
    return names


def _with_cameras(
    description: FileDescription, cameras: Sequence[str] | None, dataset: DatasetFile
) -> FileDescription:
    if cameras is None:
        return description
    missing = [camera for camera in cameras if camera not in description.images]
    if missing:
        there = ", ".join(description.images) or "no camera"
        raise ConfigurationError(
            f"{dataset.path} has no images of {', '.join(missing)}; it has those of {there}."
        )
    return replace(description, images={camera: description.images[camera] for camera in cameras})


def _check_alike(files: Sequence[IndexedFile]) -> None:
    first = files[0]
    for file in files[1:]:
        if differences := file_differences(file.description, first.description):
            lines = "\n".join(f"  {difference}" for difference in differences)
            raise ConfigurationError(f"{file.path} cannot be mixed with {first.path}:\n{lines}")


def _list_of(problems: Sequence[str]) -> str:
    more = [f"and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
    return "\n".join([*problems[:_SHOWN], *more])
