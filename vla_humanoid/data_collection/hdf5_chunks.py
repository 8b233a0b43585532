"""Finds compressed chunks that would swell: HDF5 inflates a chunk to whatever it holds."""

import zlib

import h5py

LARGEST_SWELLING = 1 << 30
"""Bytes that a chunk may be inflated to, at worst, without having been tried."""
_WORST_RATIO = 1032
"""Of zlib, on zeros."""
_SLACK = 1024
"""Bytes by which what cannot be compressed, with its checksums, may grow; and a thousandth."""


def swollen_chunk(dataset: h5py.Dataset, size: int) -> int | None:
    """Return the stored size of a chunk that holds more than it should, or None.

    Args:
        dataset: compressed by gzip.
        size: of a chunk, inflated [bytes].
    """
    suspects: list[h5py.h5d.StoreInfo] = []
    most = size + size // 1000 + _SLACK

    def note(chunk: h5py.h5d.StoreInfo) -> None:
        if chunk.size > most or chunk.size * _WORST_RATIO > LARGEST_SWELLING:
            suspects.append(chunk)

    dataset.id.chunk_iter(note)
    for chunk in suspects:
        if chunk.size > most or _inflates_beyond(dataset, chunk, most):
            return chunk.size
    return None


def _inflates_beyond(dataset: h5py.Dataset, chunk: h5py.h5d.StoreInfo, most: int) -> bool:
    _, content = dataset.id.read_direct_chunk(chunk.chunk_offset)
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(content, most + 1)
    except zlib.error:
        return False  # Damaged, or a checksum stands before it: HDF5 will say.
    return len(inflated) > most
