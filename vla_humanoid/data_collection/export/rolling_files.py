"""Series of files in numbered folders; another is begun before one gets too large."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from vla_humanoid.data_collection.export.video import VideoWriter

CHUNK = 1000
"""Files in a folder."""
LONGEST_VIDEO = 1000
"""Seconds. LeRobot compares times as float32 to 0.1 ms, which float32 resolves up to 1024 s."""


@dataclass(frozen=True)
class Place:
    """Which file of a series: ``chunk-{chunk}/file-{file}``."""

    chunk: int = 0
    file: int = 0

    def next(self) -> "Place":
        """Return the one after it."""
        if self.file + 1 == CHUNK:
            return Place(self.chunk + 1, 0)
        return Place(self.chunk, self.file + 1)

    def path(self, folder: Path, suffix: str) -> Path:
        """Return where it is, in a folder that is made if need be."""
        path = folder / f"chunk-{self.chunk:03d}" / f"file-{self.file:03d}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


class ParquetSeries(AbstractContextManager["ParquetSeries"]):
    """Tables in Parquet files, each table a row group of one of them.

    Args:
        folder: of the series.
        limit: bytes of content that a file may have, unless a single table has more.
    """

    def __init__(self, folder: Path, limit: float) -> None:
        self._folder, self._limit = folder, limit
        self._place = Place()
        self._writer: pq.ParquetWriter | None = None
        self._size = 0

    def place(self, size: int) -> Place:
        """Return the file that the next table will be in, which has this many bytes."""
        if self._writer is not None and self._size + size > self._limit:
            self.close()
            self._place = self._place.next()
        return self._place

    def add(self, table: pa.Table) -> None:
        """Append a table to the file that `place` has named."""
        writer = self._writer
        if writer is None:
            path = self._place.path(self._folder, ".parquet")
            writer = self._writer = pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._size += table.nbytes

    def close(self) -> None:
        """Finish the last file."""
        if self._writer is not None:
            self._writer.close()
        self._writer, self._size = None, 0

    def __exit__(self, *_: object) -> None:
        """Finish the last file."""
        self.close()


@dataclass(frozen=True)
class Clip:
    """Where the images of an episode are.

    Args:
        place: the file.
        start: of the episode in it [s].
        stop: likewise; the time of the frame after its last.
    """

    place: Place
    start: float
    stop: float


class VideoSeries(AbstractContextManager["VideoSeries"]):
    """The images of a camera in video files, each episode in one of them.

    Args:
        folder: of the series.
        limit: bytes that a file may have, as far as can be foreseen.
        rate: frames per second.
        shape: height and width of the images.
    """

    def __init__(self, folder: Path, limit: float, rate: int, shape: tuple[int, int]) -> None:
        self._folder, self._limit, self._rate, self._shape = folder, limit, rate, shape
        self._place = Place()
        self._writer: VideoWriter | None = None

    def begin(self, steps: int) -> Clip:
        """Begin an episode of so many images, all of which are to be added."""
        if self._writer is not None and self._is_full(self._writer, steps):
            self.close()
            self._place = self._place.next()
        if self._writer is None:
            path = self._place.path(self._folder, ".mp4")
            self._writer = VideoWriter(path, self._rate, *self._shape)
        first = self._writer.frames
        self._first = first
        return Clip(self._place, first / self._rate, (first + steps) / self._rate)

    def add(self, image: NDArray[np.uint8]) -> None:
        """Append an image of the episode, shape (height, width, 3)."""
        assert self._writer is not None, "an episode has begun"
        self._writer.add(image, key=self._writer.frames == self._first)

    def _is_full(self, writer: VideoWriter, steps: int) -> bool:
        size = writer.size * (1 + steps / writer.frames)
        return size > self._limit or writer.frames + steps > LONGEST_VIDEO * self._rate

    def close(self) -> None:
        """Finish the last file."""
        if self._writer is not None:
            self._writer.close()
        self._writer = None

    def __exit__(self, *_: object) -> None:
        """Finish the last file."""
        self.close()
