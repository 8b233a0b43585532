"""Writes TensorFlow's record files, sharded, without TensorFlow."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from vla_humanoid.data_collection.export.crc32c import crc32c

_MASK_DELTA = 0xA282EAD8
LONGEST_RECORD = 2**31 - 1
"""Bytes of a record that holds a protocol buffer."""


def masked_crc(data: bytes) -> int:
    """Return the checksum of some bytes as record files store it."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def framed(record: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what stands in a record file for a record: header, record, footer."""
    length = len(record).to_bytes(8, "little")
    header = length + masked_crc(length).to_bytes(4, "little")
    return header, record, masked_crc(record).to_bytes(4, "little")


class ShardedRecords:
    """Writes records into files of about the same size, as a context.

    The files are named once it is known how many they are: ``<prefix>-00000-of-00003``.

    Args:
        folder: where they go.
        prefix: how their names begin.
        shard_bytes: a file that holds as much is the last but for a new one.
    """

    def __init__(self, folder: Path, prefix: str, shard_bytes: int) -> None:
        self._folder = folder
        self._prefix = prefix
        self._shard_bytes = shard_bytes
        self._file: BinaryIO | None = None
        self.shard_lengths: list[int] = []
        """Number of records in each file."""
        self.record_bytes = 0
        """Of all records, without their framing."""

    def __enter__(self) -> "ShardedRecords":
        return self

    def add(self, record: bytes) -> None:
        """Append a record.

        Raises:
            ValueError: if it is longer than a protocol buffer may be.
            OSError: if it cannot be written.
        """
        if len(record) > LONGEST_RECORD:
            raise ValueError(f"a record of {len(record)} bytes is longer than {LONGEST_RECORD}")
        if self._file is None or self._file.tell() >= self._shard_bytes:
            self._next_file()
        assert self._file is not None
        for part in framed(record):
            self._file.write(part)
        self.shard_lengths[-1] += 1
        self.record_bytes += len(record)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the files, and give them their names unless something went wrong."""
        self._close()
        if kind is None:
            total = len(self.shard_lengths)
            for number in range(total):
                name = f"{self._prefix}-{number:05d}-of-{total:05d}"
                self._unnamed(number).rename(self._folder / name)

    def _next_file(self) -> None:
        self._close()
        self._file = self._unnamed(len(self.shard_lengths)).open("wb")
        self.shard_lengths.append(0)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _unnamed(self, number: int) -> Path:
        return self._folder / f"{self._prefix}-{number:05d}"
