"""Where in a file each number and each image of its episodes lies.

With it a sample is a few reads at known places: no group or dataset of HDF5 is opened, whose
cost would be several times that of the sample once there are too many episodes to hold open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.reading.episode import STATE
from vla_humanoid.data_collection.reading.frames import frame_extents

ROWS: Mapping[str, np.dtype[np.generic]] = {
    layout.ACTIONS: np.dtype("<f4"),
    STATE: np.dtype("<f4"),
}
"""What is read for a sample besides images, and how it must be stored."""


@dataclass(frozen=True)
class Extents:
    """Of one episode, or of several one after the other.

    Args:
        rows: path in an episode to where its rows begin, shape (episodes,).
        frame_offsets: camera to where each image begins, shape (steps,).
        frame_sizes: camera to how many bytes it takes, shape (steps,).
    """

    rows: Mapping[str, NDArray[np.int64]]
    frame_offsets: Mapping[str, NDArray[np.int64]]
    frame_sizes: Mapping[str, NDArray[np.int64]]


def find_extents(demo: Demo, cameras: Sequence[str], path: Path) -> Extents | None:
    """Return where an episode lies in its file; None if it is not stored as `generate` does.

    Args:
        demo: the episode.
        cameras: whose images are to be read.
        path: of the dataset; episodes of an unfinished one are in other files.
    """
    file = demo.dataset(layout.ACTIONS).file
    if file.userblock_size or not path.samefile(file.filename):
        return None
    rows = {path: _row_extent(demo.dataset(path), dtype) for path, dtype in ROWS.items()}
    frames = {camera: frame_extents(demo.frames(camera)) for camera in cameras}
    found = {path: np.array([offset]) for path, offset in rows.items() if offset is not None}
    there = {camera: extent for camera, extent in frames.items() if extent is not None}
    if len(found) < len(rows) or len(there) < len(frames):
        return None
    return Extents(
        found,
        {camera: offsets for camera, (offsets, _) in there.items()},
        {camera: sizes for camera, (_, sizes) in there.items()},
    )


def joined(parts: Sequence[Extents]) -> Extents:
    """Return the extents of several episodes as one; at least one."""
    first = parts[0]
    return Extents(
        {key: np.concatenate([part.rows[key] for part in parts]) for key in first.rows},
        {
            key: np.concatenate([part.frame_offsets[key] for part in parts])
            for key in first.frame_offsets
        },
        {
            key: np.concatenate([part.frame_sizes[key] for part in parts])
            for key in first.frame_sizes
        },
    )


def _row_extent(dataset: h5py.Dataset, dtype: np.dtype[np.generic]) -> int | None:
    offset = dataset.id.get_offset()  # None where it is not in one piece.
    return int(offset) if offset is not None and dataset.dtype == dtype else None
