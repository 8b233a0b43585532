"""Checksums of recorded values: each dataset of an episode carries that of its own.

So it stays right when chunks are copied or compressed in another way, and it goes when a dataset
is written anew.
"""

from hashlib import sha256

import h5py
import numpy as np
from numpy.typing import NDArray

CHECKSUM = "sha256"
"""Attribute of a dataset: SHA-256 of its values, little-endian, in the order of C; hexadecimal."""


def checksum(values: NDArray[np.generic]) -> str:
    """Return the checksum of some values."""
    little = values.astype(values.dtype.newbyteorder("<"), copy=False)
    return sha256(np.ascontiguousarray(little).tobytes()).hexdigest()


def set_checksum(dataset: h5py.Dataset, digest: str) -> None:
    """Note the checksum of a dataset's values."""
    dataset.attrs[CHECKSUM] = np.bytes_(digest)  # Of fixed length: it takes little room.


def recorded_checksum(dataset: h5py.Dataset) -> str | None:
    """Return the checksum that a dataset carries, or None."""
    value = dataset.attrs.get(CHECKSUM)
    return value.decode("ascii", "replace") if isinstance(value, bytes) else None


def computed_checksum(dataset: h5py.Dataset) -> str:
    """Return the checksum of the values that a dataset holds, reading one row after another.

    Raises:
        OSError: if they cannot be read.
    """
    digest = sha256()
    for start in range(0, len(dataset), 16):
        rows = dataset[start : start + 16]
        digest.update(np.ascontiguousarray(rows.astype(rows.dtype.newbyteorder("<"))).tobytes())
    return digest.hexdigest()
