"""A group of a dataset file, whose contents are checked as they are read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.hdf5_access import (
    HDF5_ERRORS,
    LARGEST_READ,
    LARGEST_TEXT,
    Refused,
    dataset_paths,
    open_dataset_in,
    open_group,
)


class Hdf5Group:
    """A group of a dataset file, whose contents are checked as they are read.

    Args:
        group: reached without following links out of the file.
        path: of the file.
    """

    def __init__(self, group: h5py.Group, path: Path) -> None:
        self._group = group
        self._path = path
        self._datasets: dict[str, h5py.Dataset] = {}

    def text(self, name: str) -> str:
        """Return an attribute that is a text.

        Raises:
            DatasetError: if it is missing or no text.
        """
        value = self._attribute(name)
        if not isinstance(value, str):
            raise self.error(f"its attribute {name!r} is not a text")
        return self._readable(name, value)

    def integer(self, name: str) -> int:
        """Return an attribute that is a whole number, or a truth value as 0 or 1.

        Raises:
            DatasetError: if it is missing or no whole number.
        """
        value = self._attribute(name)
        if not isinstance(value, int | np.integer | np.bool_):
            raise self.error(f"its attribute {name!r} is not a whole number")
        return int(value)

    def json_object(self, name: str) -> dict[str, object]:
        """Return an attribute that is the JSON text of an object.

        Raises:
            DatasetError: if it is missing or something else.
        """
        value = self._json(name)
        if not isinstance(value, dict):
            raise self.error(f"its attribute {name!r} is not a JSON object")
        return {str(key): item for key, item in value.items()}

    def json_list(self, name: str) -> list[object]:
        """Return an attribute that is the JSON text of a list.

        Raises:
            DatasetError: if it is missing or something else.
        """
        value = self._json(name)
        if not isinstance(value, list):
            raise self.error(f"its attribute {name!r} is not a JSON list")
        return value

    def json_texts(self, name: str) -> tuple[str, ...]:
        """Return an attribute that is the JSON text of a list of texts.

        Raises:
            DatasetError: if it is missing or something else.
        """
        return tuple(self._readable(name, str(item)) for item in self.json_list(name))

    def has_attribute(self, name: str) -> bool:
        """Whether there is an attribute of that name."""
        return name in self._group.attrs

    def array(self, path: str, index: int | slice = slice(None)) -> NDArray[np.generic]:
        """Return a dataset below this group, or a part of it along the first axis.

        Raises:
            DatasetError: if it is missing, damaged, or not numbers that are in this file.
        """
        dataset = self.dataset(path)
        with self._reading(path):
            if dataset.ndim == 0 and index == slice(None):
                return np.asarray(dataset[()])
            rows = 1 if isinstance(index, int) else len(range(*index.indices(len(dataset))))
            if dataset.nbytes // max(len(dataset), 1) * rows > LARGEST_READ:
                raise Refused(f"its dataset {path!r} is too large to be read at once")
            return np.asarray(dataset[index])

    def dataset(self, path: str) -> h5py.Dataset:
        """Return the HDF5 dataset below this group, checked: numbers that are in this file.

        Raises:
            DatasetError: if it is missing or something else.
        """
        if path not in self._datasets:
            with self._reading(path):
                self._datasets[path] = open_dataset_in(self._group, path)
        return self._datasets[path]

    def keys(self, path: str) -> tuple[str, ...]:
        """Return the names inside a group below this one; none if there is no such group."""
        with self._reading(path):
            group = self._subgroup(path)
            return () if group is None else tuple(map(str, group))

    def dataset_paths(self, path: str) -> tuple[str, ...]:
        """Return the path, relative to a group below this one, of every dataset in that group.

        Args:
            path: of the group; empty for this one.

        Raises:
            DatasetError: if a link in it leads away.
        """
        with self._reading(path):
            group = self._subgroup(path)
            return () if group is None else dataset_paths(group)

    def error(self, what: str) -> DatasetError:
        """Return an error that says where in which file something is wrong."""
        return DatasetError(f"{self._path}: {self._group.name} cannot be read: {what}.")

    def _subgroup(self, path: str) -> h5py.Group | None:
        try:
            return self._group if not path else open_group(self._group, path)
        except KeyError:
            return None

    @contextmanager
    def _reading(self, path: str) -> Iterator[None]:
        """Turn whatever is wrong with something at a path into one kind of error."""
        try:
            yield
        except Refused as error:
            raise self.error(str(error)) from error
        except KeyError as error:
            raise self.error(f"it has no dataset {path!r}") from error
        except HDF5_ERRORS as error:
            raise self.error(f"its dataset {path!r} is damaged: {error}") from error

    def _json(self, name: str) -> object:
        try:
            return json.loads(self.text(name))
        except (ValueError, RecursionError) as error:
            raise self.error(f"its attribute {name!r} is not JSON: {error}") from error

    def _attribute(self, name: str) -> object:
        try:
            if name not in self._group.attrs:
                raise self.error(f"it has no attribute {name!r}")
            identifier = self._group.attrs.get_id(name)
            if identifier.shape != () or identifier.get_storage_size() > LARGEST_TEXT:
                raise self.error(f"its attribute {name!r} is not one value")
            return self._group.attrs[name]
        except HDF5_ERRORS as error:
            raise self.error(f"its attribute {name!r} is damaged: {error}") from error

    def _readable(self, name: str, text: str) -> str:
        try:
            text.encode()
        except UnicodeEncodeError as error:  # How h5py keeps bytes that are not UTF-8.
            raise self.error(f"its attribute {name!r} is not UTF-8") from error
        if any(ord(character) < ord(" ") and character not in "\t\n\r" for character in text):
            raise self.error(f"its attribute {name!r} holds control characters")
        return text
