"""Reads everything a dataset file holds, to compare files."""

from pathlib import Path

import h5py
import numpy as np

Content = dict[str, tuple[str, tuple[int, ...], bytes | str]]


def h5_group(file: h5py.File, path: str) -> h5py.Group:
    """The group at a path."""
    item = file[path]
    assert isinstance(item, h5py.Group)
    return item


def h5_dataset(file: h5py.File, path: str) -> h5py.Dataset:
    """The dataset at a path."""
    item = file[path]
    assert isinstance(item, h5py.Dataset)
    return item


def h5_text(file: h5py.File, path: str, name: str) -> str:
    """The attribute of a group that is a text."""
    value = h5_group(file, path).attrs[name]
    assert isinstance(value, str)
    return value


def content(path: Path, ignore: tuple[str, ...] = ()) -> Content:
    """Every attribute and dataset of a file: dtype, shape and bytes; links are followed."""
    found: Content = {}
    with h5py.File(path, "r") as file:
        _collect(file, "", found)
    return {name: value for name, value in found.items() if name not in ignore}


def _collect(group: h5py.Group | h5py.Dataset, name: str, found: Content) -> None:
    for key, value in group.attrs.items():
        kind = str(value) if isinstance(value, str) else np.asarray(value).tobytes()
        found[f"{name}@{key}"] = (str(np.asarray(value).dtype), np.shape(value), kind)
    if isinstance(group, h5py.Dataset):
        found[name] = (str(group.dtype), group.shape, np.asarray(group[()]).tobytes())
        return
    for key in group:
        item = group[key]
        assert isinstance(item, h5py.Group | h5py.Dataset)
        _collect(item, f"{name}/{key}", found)
