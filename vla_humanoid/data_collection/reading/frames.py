"""How the images of an episode are stored, and how one is read."""

import h5py
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.hdf5_access import HDF5_ERRORS


def read_frame(demo: Demo, camera: str, step: int) -> NDArray[np.uint8]:
    """Return an image, however it is stored, shape (height, width, 3).

    Raises:
        DatasetError: if it is damaged.
    """
    frames = demo.frames(camera)
    try:
        return np.asarray(frames[step], np.uint8)
    except HDF5_ERRORS as error:
        raise demo.error(frame_is_damaged(camera, step, error)) from error


def frame_is_damaged(camera: str, step: int, why: object) -> str:
    """Return what to say of an image that cannot be read."""
    path = layout.image_path(camera)
    return f"frame {step} of camera {camera!r} ({path!r}) is damaged: {why}"


def frame_extents(
    dataset: h5py.Dataset,
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return where the images of an episode lie in its file, and how many bytes each takes.

    Returns:
        None unless each is a zlib stream of its own, shape (steps,) otherwise.
    """
    filters = dataset.id.get_create_plist()
    one_by_one = dataset.chunks == (1, *dataset.shape[1:])
    if not one_by_one or filters.get_nfilters() != 1:
        return None
    if filters.get_filter(0)[0] != h5py.h5z.FILTER_DEFLATE:
        return None
    offsets = np.full(len(dataset), -1, np.int64)
    sizes = np.zeros(len(dataset), np.int64)

    def note(chunk: h5py.h5d.StoreInfo) -> None:
        if chunk.filter_mask == 0:  # Otherwise its writer left out the compression.
            offsets[chunk.chunk_offset[0]] = chunk.byte_offset
            sizes[chunk.chunk_offset[0]] = chunk.size

    dataset.id.chunk_iter(note)
    return (offsets, sizes) if (offsets >= 0).all() else None
