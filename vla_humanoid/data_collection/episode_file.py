"""Writes the record of an episode into an HDF5 group."""

import h5py

from vla_humanoid.data_collection.checksum import checksum, set_checksum
from vla_humanoid.data_collection.recorder import COMPRESSION_LEVEL, CompressedFrames, EpisodeRecord


def write_episode(group: h5py.Group, record: EpisodeRecord) -> None:
    """Fill the group of a demo. The same record gives the same content: no times are stored."""
    for name in sorted(record.attributes):
        group.attrs[name] = record.attributes[name]
    for path in sorted(record.arrays):
        values = record.arrays[path]
        set_checksum(group.create_dataset(path, data=values), checksum(values))
    for path in sorted(record.videos):
        _write_frames(group, path, record.videos[path])


def episode_image(record: EpisodeRecord, name: str) -> bytes:
    """Return the bytes of an HDF5 file that holds one episode in the group ``name``.

    It is put together in memory, so that writing it out is one plain write with a plain error.
    """
    with h5py.File("episode", "w", driver="core", backing_store=False) as file:
        write_episode(file.create_group(name), record)
        file.flush()
        return file.id.get_file_image()


def _write_frames(group: h5py.Group, path: str, video: CompressedFrames) -> None:
    dataset = group.create_dataset(
        path,
        shape=(len(video.frames), *video.shape),
        dtype="u1",
        chunks=(1, *video.shape),  # One frame a chunk: loaders read frames in random order.
        compression="gzip",
        compression_opts=COMPRESSION_LEVEL,
    )
    for index, frame in enumerate(video.frames):
        dataset.id.write_direct_chunk((index, 0, 0, 0), frame)
    set_checksum(dataset, video.checksum)
