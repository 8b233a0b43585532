"""Which entries of its vectors an episode really has: what others recorded may lack some."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.file_description import FileDescription
from vla_humanoid.data_collection.hdf5_group import Hdf5Group

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Presence:
    """Where the numbers of an episode are measured, and no stand-ins.

    Args:
        action: true for entries of the action that there are, shape (A,).
        state: likewise of the state, shape (S,).
    """

    action: Mask
    state: Mask


def read_presence(dataset: DatasetFile, demo: Demo, description: FileDescription) -> Presence:
    """Return which entries an episode has: as it says itself, else its file; else all.

    Raises:
        DatasetError: if what is said is no truth for each entry.
    """
    return Presence(
        action=_mask(dataset, demo, layout.ACTION_MASK, len(description.action)),
        state=_mask(dataset, demo, layout.STATE_MASK, len(description.state)),
    )


def told_once(presences: Sequence[Presence]) -> tuple[tuple[Presence, ...], NDArray[np.int64]]:
    """Return each kind once, and which of them every one is; there are few, of many episodes."""
    kinds: dict[bytes, int] = {}
    found: list[Presence] = []
    numbers: list[int] = []
    for presence in presences:
        key = presence.action.tobytes() + presence.state.tobytes()
        if key not in kinds:
            kinds[key] = len(found)
            found.append(presence)
        numbers.append(kinds[key])
    return tuple(found), np.array(numbers)


def _mask(dataset: DatasetFile, demo: Demo, name: str, length: int) -> Mask:
    told: tuple[Hdf5Group, Hdf5Group] = (demo, dataset)
    group = next((group for group in told if group.has_attribute(name)), None)
    if group is None:
        return np.ones(length, np.bool_)
    mask = group.json_list(name)
    if len(mask) != length or not all(isinstance(entry, bool) for entry in mask):
        raise group.error(f"its attribute {name!r} is no list of {length} truths")
    return np.array(mask, np.bool_)
