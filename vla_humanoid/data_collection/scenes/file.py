"""Files of scenes: written in one go, and read by anybody."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from zlib import compress

import h5py
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.hdf5_access import HDF5_ERRORS
from vla_humanoid.data_collection.hdf5_group import Hdf5Group
from vla_humanoid.data_collection.recorder import COMPRESSION_LEVEL
from vla_humanoid.data_collection.scenes.scene import SceneRecord, Texts
from vla_humanoid.data_collection.scenes.texts import packed, unpacked

FORMAT = "vla-humanoid scenes 2"
_UNFINISHED = ".unfinished"


class SceneWriter:
    """Appends scenes to a file that is under way.

    Args:
        file: open for writing.
        count: of scenes that will be written.
    """

    def __init__(self, file: h5py.File, count: int) -> None:
        self._file, self._count, self._done = file, count, 0
        self._texts: list[bytes] = []

    def add(self, scene: SceneRecord) -> None:
        """Write the next scene."""
        if not self._done:
            self._begin(scene)
        for camera, image in scene.images.items():
            frame = compress(np.ascontiguousarray(image).tobytes(), COMPRESSION_LEVEL)
            self._rows(f"images/{camera}").id.write_direct_chunk((self._done, 0, 0, 0), frame)
        self._rows("state")[self._done] = scene.state
        self._rows("seed")[self._done] = scene.seed
        self._texts.append(packed(scene.texts))
        self._done += 1
        if self._done == self._count:
            self._file["texts"] = np.frombuffer(b"".join(self._texts), np.uint8)
            self._file["text_ends"] = np.cumsum([len(text) for text in self._texts])

    def _rows(self, path: str) -> h5py.Dataset:
        found = self._file[path]
        assert isinstance(found, h5py.Dataset)
        return found

    def _begin(self, scene: SceneRecord) -> None:
        for camera, image in scene.images.items():
            self._file.create_dataset(
                f"images/{camera}",
                shape=(self._count, *image.shape),
                dtype="u1",
                chunks=(1, *image.shape),
                compression="gzip",
                compression_opts=COMPRESSION_LEVEL,
            )
        self._file.create_dataset("state", shape=(self._count, *scene.state.shape), dtype="f4")
        self._file.create_dataset("seed", shape=(self._count,), dtype="i8")


@contextmanager
def new_scene_file(path: Path, count: int, attributes: Mapping[str, str]) -> Iterator[SceneWriter]:
    """Write a file that is there once it is whole; what was there before stays until then.

    Args:
        path: of the file.
        count: of scenes that will be written.
        attributes: texts that tell how it was made.
    """
    unfinished = path.with_name(f"{path.name}{_UNFINISHED}")
    try:
        with h5py.File(unfinished, "w") as file:
            file.attrs["format"] = FORMAT
            for name, text in attributes.items():
                file.attrs[name] = text
            yield SceneWriter(file, count)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


class SceneFile(Hdf5Group):
    """An open file of scenes, checked.

    Args:
        file: open for reading.
        path: of it.

    Raises:
        DatasetError: if something is missing or does not fit together.
    """

    def __init__(self, file: h5py.File, path: Path) -> None:
        super().__init__(file, path)
        if self.text("format") != FORMAT:
            raise self.error(f"its format is {self.text('format')!r}, not {FORMAT!r}")
        self.cameras: Sequence[str] = self.keys("images")
        self.state = self.array("state")
        self.seeds = self.array("seed")
        self.texts = tuple(self._read_texts())
        self.task = self._task()
        self.state_names = self._state_names()
        sizes = {"state": len(self.state), "texts": len(self.texts)}
        sizes |= {camera: len(self.dataset(f"images/{camera}")) for camera in self.cameras}
        if wrong := [f"{size} of {name}" for name, size in sizes.items() if size != len(self)]:
            raise self.error(f"it has {len(self)} seeds, but {', '.join(wrong)}")

    def __len__(self) -> int:
        """Return the number of scenes."""
        return len(self.seeds)

    def image(self, camera: str, index: int) -> NDArray[np.uint8]:
        """Return what a camera saw of a scene, shape (height, width, 3).

        Raises:
            DatasetError: if it cannot be read.
        """
        return self.array(f"images/{camera}", index).astype(np.uint8, copy=False)

    def _task(self) -> str:
        """Return the name of the task that all scenes are of."""
        task = self.json_object("config").get("task")
        if not isinstance(task, str):
            raise self.error("its attribute 'config' names no task")
        return task

    def _state_names(self) -> tuple[str, ...]:
        """Return what the entries of the state mean."""
        names = self.json_texts("state")
        if self.state.shape[1:] != (len(names),):
            raise self.error(
                f"its attribute 'state' has {len(names)} names for {self.state.shape} numbers"
            )
        return names

    def _read_texts(self) -> Iterator[Texts]:
        content = self.array("texts").astype(np.uint8, copy=False).tobytes()
        start, ends = 0, self.array("text_ends")
        if ends.dtype.kind != "i" or ends.ndim != 1:
            raise self.error(f"its 'text_ends' are {ends.dtype} {ends.shape}, not whole numbers")
        for number, end in enumerate(ends.tolist()):
            try:
                texts = unpacked(content[start:end])
            except ValueError as error:
                raise self.error(f"of scene {number}, {error}") from error
            if missing := sorted(set(self.cameras) - texts.cameras.keys()):
                raise self.error(f"scene {number} does not tell where {', '.join(missing)} was")
            yield texts
            start = end


@contextmanager
def open_scenes(path: Path) -> Iterator[SceneFile]:
    """Open a file of scenes.

    Raises:
        DatasetError: if it is none, or damaged.
    """
    try:
        file = h5py.File(path)
    except HDF5_ERRORS as error:
        raise DatasetError(f"{path} cannot be opened: {error}.") from error
    with file:
        yield SceneFile(file, path)
