"""Writes a dataset file from the episodes of others, compressed as they are there."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import h5py
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.editing.differences import difference_text
from vla_humanoid.data_collection.editing.edited_header import check_same_meaning, write_header
from vla_humanoid.data_collection.editing.source import RUN_FIELDS, Header, Source, decoded
from vla_humanoid.data_collection.episode_file import write_episode
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.hdf5_access import (
    HDF5_ERRORS,
    Refused,
    dataset_paths,
    open_dataset_in,
)
from vla_humanoid.data_collection.recorder import CompressedFrames, EpisodeRecord

ORIGIN = "origin"
"""Attribute of a demo: the JSON text of a list of [file, demo] that it came by, oldest first."""

Attribute: TypeAlias = str | int | bool


@dataclass(frozen=True)
class Changes:
    """What an episode is given that its source does not have.

    Args:
        attributes: of the demo; those of that name are replaced.
        arrays: path in the demo to values, likewise.
        videos: likewise, path in the demo to frames.
        without: groups or datasets that are left out.
    """

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
    videos: Mapping[str, CompressedFrames] = field(default_factory=dict)
    without: frozenset[str] = frozenset()

    @property
    def replaced(self) -> frozenset[str]:
        """What is not to be taken from the source."""
        return self.without | set(self.arrays) | set(self.videos)


AS_IT_IS = Changes()


class EditedFile:
    """A dataset file that is being put together, episode by episode.

    Args:
        file: an empty HDF5 file.
        headers: of all files that episodes will come from.
        edit: what is being done, for the record: JSON.

    Raises:
        DatasetError: if the numbers in the files do not mean the same; field by field.
    """

    def __init__(
        self, file: h5py.File, headers: Sequence[Header], edit: Mapping[str, object]
    ) -> None:
        check_same_meaning(headers)
        file.attrs["format_version"] = layout.FORMAT_VERSION
        self._file = file
        self._data = file.create_group(layout.DATA)
        self._masks: dict[str, list[str]] = {
            name: [] for name in sorted({name for header in headers for name in header.masks})
        }
        self._run: Mapping[str, object] | None = None
        self._signature: Mapping[str, str] | None = None
        self._copied: dict[tuple[int, ...], str] = {}
        self._source: Source | None = None
        self._demos = 0
        self._steps = 0
        write_header(self._data, headers, edit)

    @property
    def demos(self) -> int:
        """Episodes so far."""
        return self._demos

    def add(
        self, source: Source, name: str, masks: Sequence[str], changes: Changes = AS_IT_IS
    ) -> h5py.Group:
        """Copy an episode, and return its group.

        Args:
            source: the file that it is in.
            name: of the demo there.
            masks: that it is to be in here.
            changes: what is to be different.

        Raises:
            DatasetError: if it cannot be read, or has other observations than those before it.
        """
        demo, original = source.dataset.demo(name), source.group(name)
        group = self._data.create_group(layout.demo_name(self._demos))
        for key in sorted(set(original.attrs) - set(RUN_FIELDS)):
            group.attrs[key] = original.attrs[key]
        for key in (layout.ACTION_MASK, layout.STATE_MASK):
            # Said by a file of all its episodes, but perhaps not true of those of the others.
            if key in source.header.attributes and key not in group.attrs:
                group.attrs[key] = source.header.attributes[key]
        group.attrs[ORIGIN] = json.dumps([*_origins(original), [source.header.path.name, name]])
        try:
            self._copy(source, original, group, changes.replaced)
        except (Refused, *HDF5_ERRORS) as error:
            raise demo.error(f"it cannot be copied: {error}") from error
        self._finish(group, demo.steps, source.run(demo), masks, changes, source.header)
        return group

    def add_variant(
        self, source: Source, name: str, base: h5py.Group, masks: Sequence[str], changes: Changes
    ) -> h5py.Group:
        """Add another telling of an episode that was added; what is the same is stored once.

        Arguments as of `add`, with the group that it returned.
        """
        demo = source.dataset.demo(name)
        group = self._data.create_group(layout.demo_name(self._demos))
        for key in sorted(set(base.attrs) - set(RUN_FIELDS)):
            group.attrs[key] = base.attrs[key]
        _link(base, group, changes.replaced)
        self._finish(group, demo.steps, source.run(demo), masks, changes, source.header)
        return group

    def finish(self) -> None:
        """Write what all episodes add up to."""
        self._data.attrs["total"] = self._steps
        masks = self._file.create_group(layout.MASK)
        for name, demos in self._masks.items():
            masks[name] = np.array(demos, dtype="S" if demos else "S1")

    def _finish(
        self,
        group: h5py.Group,
        steps: int,
        run: Mapping[str, object],
        masks: Sequence[str],
        changes: Changes,
        header: Header,
    ) -> None:
        write_episode(group, EpisodeRecord({}, dict(changes.arrays), dict(changes.videos)))
        told: dict[str, object] = dict(run)
        told.update((k, v) for k, v in changes.attributes.items() if k in RUN_FIELDS)
        if self._run is None:
            self._run = told
            for key in sorted(told):
                self._data.attrs[key] = told[key]
        for key in sorted(key for key in told if told[key] != self._run.get(key)):
            group.attrs[key] = told[key]
        for key in sorted(set(changes.attributes) - set(RUN_FIELDS)):
            group.attrs[key] = changes.attributes[key]
        self._check_signature(group, header)
        for mask in masks:
            self._masks.setdefault(mask, []).append(layout.demo_name(self._demos))
        self._demos += 1
        self._steps += steps

    def _copy(
        self, source: Source, original: h5py.Group, group: h5py.Group, without: frozenset[str]
    ) -> None:
        """Copy datasets, chunk by chunk; what is stored once in the source is stored once here."""
        if self._source is not source:
            self._source = source
            self._copied.clear()
        for path in dataset_paths(original):
            if _is_below(path, without):
                continue
            dataset = open_dataset_in(original, path)
            status = h5py.h5g.get_objinfo(dataset.id)
            place = (*status.fileno, *status.objno)
            if place in self._copied:
                group[path] = self._file[self._copied[place]]
                continue
            above, _, key = path.rpartition("/")
            original.copy(dataset, group.require_group(above) if above else group, key)
            if status.nlink > 1:
                self._copied[place] = f"{group.name}/{path}"

    def _check_signature(self, group: h5py.Group, header: Header) -> None:
        """Refuse an episode with other actions or observations than the first."""
        found = _signature(group)
        if self._signature is None:
            self._signature = found
        if text := difference_text(self._signature, found):
            raise DatasetError(
                f"{header.path}: an episode of it does not go with the others, whose actions and "
                f"observations have other names, shapes or types: {text}."
            )


def _origins(group: h5py.Group) -> list[object]:
    value = decoded(group.attrs.get(ORIGIN))
    return value if isinstance(value, list) else []


def _signature(group: h5py.Group) -> dict[str, str]:
    """Return shape and type of a step's action and observations, by path."""
    found: dict[str, str] = {}
    observed = group.get(layout.OBS)
    items: dict[str, object] = {layout.ACTIONS: group.get(layout.ACTIONS)}
    if isinstance(observed, h5py.Group):
        items |= {f"{layout.OBS}/{key}": observed[key] for key in observed}
    for path, item in items.items():
        if isinstance(item, h5py.Dataset):
            found[path] = f"{item.dtype} {item.shape[1:]}"
    return found


def _link(base: h5py.Group, group: h5py.Group, without: frozenset[str]) -> None:
    """Let a group hold what another one holds, without a second copy."""
    for path in dataset_paths(base):
        if not _is_below(path, without):
            group[path] = base[path]


def _is_below(path: str, names: frozenset[str]) -> bool:
    """Tell whether a path is one of the names, or in a group that is."""
    return any(path == name or path.startswith(f"{name}/") for name in names)
