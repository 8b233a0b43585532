"""A dataset file that is read from, with its header, its masks and its groups."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import h5py
import numpy as np

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo, open_dataset
from vla_humanoid.data_collection.errors import DatasetError

RUN_FIELDS = ("config", "env_args", "env_config", "package_version", "versions")
"""Attributes of ``/data`` that may differ from demo to demo: which run an episode is from."""
SHARED_FIELDS = ("action", "state", "joint_names", "alignment")
"""Those that must be the same for all: what the numbers mean."""
COUNTED_FIELDS = ("total", "attempts", "failures", "complete", "edits")
"""Those that are put together anew."""


@dataclass(frozen=True)
class Header:
    """What a dataset file says about all of its demos.

    Args:
        path: of the file.
        attributes: of ``/data``.
        masks: names of demos by name of the mask.
    """

    path: Path
    attributes: Mapping[str, object]
    masks: Mapping[str, tuple[str, ...]]

    def masks_of(self, demo: str) -> tuple[str, ...]:
        """Return the names of the masks that a demo is in."""
        return self._masks_of.get(demo, ())

    @cached_property
    def _masks_of(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, demos in self.masks.items():
            for demo in dict.fromkeys(demos):
                found[demo] = (*found.get(demo, ()), name)
        return found

    def json(self, name: str) -> object:
        """Return an attribute that may be a JSON text, decoded; None if it is missing."""
        return decoded(self.attributes.get(name))

    @property
    def edits(self) -> list[object]:
        """What was done to the file before, oldest first."""
        value = self.json("edits")
        return value if isinstance(value, list) else []


@dataclass(frozen=True)
class Source:
    """An open dataset file.

    Args:
        header: of the file.
        dataset: it, checked as it is read.
        data: its group ``/data``, to copy from.
    """

    header: Header
    dataset: DatasetFile
    data: h5py.Group

    def group(self, name: str) -> h5py.Group:
        """Return the group of a demo.

        Raises:
            DatasetError: if there is none.
        """
        self.dataset.demo(name)
        group = self.data[name]
        if not isinstance(group, h5py.Group):
            raise DatasetError(f"{self.header.path}: /data/{name} is no group.")
        return group

    def run(self, demo: Demo) -> dict[str, object]:
        """Return the `RUN_FIELDS` of a demo that are on record: its own, else the file's."""
        own = self.group(demo.name).attrs
        found = {name: own.get(name, self.header.attributes.get(name)) for name in RUN_FIELDS}
        return {name: value for name, value in found.items() if value is not None}


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a dataset file to copy from.

    Raises:
        DatasetError: if it is missing, damaged or not a dataset.
    """
    with open_dataset(path) as dataset, h5py.File(path, "r") as file:
        data = file[layout.DATA]
        if not isinstance(data, h5py.Group):
            raise DatasetError(f"{path} is not a dataset: it has no group /{layout.DATA}.")
        header = Header(path, dict(data.attrs), dataset.masks())
        yield Source(header, dataset, data)


def read_header(path: Path) -> Header:
    """Return what a dataset file says about all of its demos.

    Raises:
        DatasetError: if it is missing, damaged or not a dataset.
    """
    with open_source(path) as source:
        return source.header


def decoded(value: object) -> object:
    """Return a text that is JSON as what it stands for, anything else as it is."""
    if not isinstance(value, str):
        return value.item() if isinstance(value, np.generic) else value
    try:
        return json.loads(value)
    except ValueError:
        return value
