"""Reads which episodes of a dataset file are for what: ``/mask/train``, ``/mask/valid``."""

from pathlib import Path

import h5py

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.hdf5_access import (
    HDF5_ERRORS,
    LARGEST_TEXT,
    Refused,
    check_link,
    open_group,
)


def read_masks(file: h5py.File, path: Path) -> dict[str, tuple[str, ...]]:
    """Return the names of the demos in each mask; none if the file has no masks.

    Args:
        file: open.
        path: of it, for messages.

    Raises:
        DatasetError: if a mask is something else than a list of names.
    """
    try:
        if layout.MASK not in file:
            return {}
        group = open_group(file, layout.MASK)
        return {name: _names(group, name) for name in sorted(map(str, group))}
    except Refused as error:
        raise DatasetError(f"{path}: /{layout.MASK} cannot be read: {error}.") from error
    except HDF5_ERRORS as error:
        raise DatasetError(f"{path}: /{layout.MASK} is damaged: {error}.") from error


def _names(group: h5py.Group, name: str) -> tuple[str, ...]:
    check_link(group, name)
    item = group.get(name)
    if not isinstance(item, h5py.Dataset) or item.is_virtual or item.external:
        raise Refused(f"{name!r} in it is not a dataset")
    if item.dtype.kind != "S" or item.ndim != 1 or item.nbytes > LARGEST_TEXT:
        raise Refused(f"{name!r} in it is not a list of names")
    return tuple(bytes(entry).decode() for entry in item[()].tolist())
