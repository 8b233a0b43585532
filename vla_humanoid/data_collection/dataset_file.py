"""Reads dataset files, which may come from anywhere: what is missing is named."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import h5py

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.demo import Demo
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.hdf5_access import HDF5_ERRORS, Refused, open_group
from vla_humanoid.data_collection.hdf5_group import Hdf5Group
from vla_humanoid.data_collection.masks import read_masks

__all__ = ["DatasetFile", "Demo", "open_dataset"]

_PARTS = ".parts"
"""Ending of the folder that episodes are in while a dataset is unfinished, or links to them."""


class DatasetFile(Hdf5Group):
    """An open dataset file."""

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    @property
    def size(self) -> int:
        """Of the file [bytes], with the files that its episodes are in while it is unfinished."""
        parts = [part[0] for name in self.demo_names() if (part := self._part(name)) is not None]
        return sum(path.stat().st_size for path in {self._path, *parts} if path.is_file())

    @property
    def complete(self) -> bool:
        """Whether the run that made it was finished."""
        return bool(self.integer("complete"))

    @property
    def env_args(self) -> Mapping[str, object]:
        """How to rebuild the environment: ``env_name``, ``env_kwargs``, ``sim_args``."""
        return self.json_object("env_args")

    @property
    def rate(self) -> float:
        """Steps per second.

        Raises:
            DatasetError: if ``env_args`` does not tell.
        """
        sim_args = self.env_args.get("sim_args")
        if isinstance(sim_args, dict):
            dt, decimation = sim_args.get("dt"), sim_args.get("decimation")
            if isinstance(dt, float) and isinstance(decimation, int) and dt * decimation > 0:
                return 1 / (dt * decimation)
        raise self.error("env_args has no sim_args with a positive dt and decimation")

    def demo_names(self) -> tuple[str, ...]:
        """Return the names of the demos, in order.

        Raises:
            DatasetError: if there is something else among them.
        """
        try:
            return tuple(sorted(map(str, self._group), key=layout.demo_number))
        except HDF5_ERRORS as error:
            raise self.error(str(error)) from error

    def demo(self, name: str) -> Demo:
        """Return a demo by name.

        Raises:
            DatasetError: if there is none of that name, or the file it is in is gone.
        """
        try:
            if (part := self._part(name)) is not None:
                return self._demo_of_its_own(name, *part)
            return Demo(open_group(self._group, name), self._path, name)
        except Refused as error:
            text = str(error).replace(" in it is", " is")
            raise self.error(text) from error
        except KeyError as error:
            raise self.error(f"{name!r} is missing; it has {len(self._group)} demos") from error
        except HDF5_ERRORS as error:
            raise self.error(f"{name!r} is damaged: {error}") from error

    def demos(self) -> Iterator[Demo]:
        """Yield the demos in order."""
        return (self.demo(name) for name in self.demo_names())

    def masks(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the demos in each mask, such as ``train`` and ``valid``.

        Raises:
            DatasetError: if a mask is something else than a list of names.
        """
        return read_masks(self._group.file, self._path)

    def _part(self, name: str) -> tuple[Path, str] | None:
        """Return the file of its own that an episode is in, and where; None if it is in this one.

        Raises:
            DatasetError: if it is any other file.
        """
        link = self._group.get(name, getlink=True)
        if not isinstance(link, h5py.ExternalLink):
            return None
        target = PurePosixPath(link.filename)
        folder = self._path.with_name(f"{self._path.name}{_PARTS}")
        if target != PurePosixPath(folder.name, target.name):
            raise self.error(f"{name!r} is a link into another file, {link.filename!r}")
        part = folder / target.name
        if folder.is_symlink() or part.is_symlink():
            raise self.error(f"{name!r} is in {part}, which leads elsewhere")
        return part, link.path

    def _demo_of_its_own(self, name: str, part: Path, path: str) -> Demo:
        if not part.is_file():
            missing = part if part.parent.is_dir() else part.parent
            raise self.error(
                f"{name!r} is in {part}, but {missing} is missing; an unfinished dataset and "
                f"the folder {part.parent.name} must be moved together"
            )
        file = h5py.File(part, "r")
        return Demo(open_group(file, path.strip("/")), self._path, name, file)


@contextmanager
def open_dataset(path: Path) -> Iterator[DatasetFile]:
    """Open a dataset file for reading.

    Raises:
        DatasetError: if it is missing, damaged or not a dataset.
    """
    if not path.is_file():
        raise DatasetError(f"There is no file {path}.")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise DatasetError(f"{path} is not an HDF5 file, or is cut short: {error}.") from error
    with file:
        yield DatasetFile(_data(file, path), path)


def _data(file: h5py.File, path: Path) -> h5py.Group:
    try:
        return open_group(file, layout.DATA)
    except (Refused, KeyError) as error:
        why = f": {error}" if isinstance(error, Refused) else ""
        raise DatasetError(
            f"{path} is not a dataset: it has no group /{layout.DATA}{why}."
        ) from error
    except HDF5_ERRORS as error:
        raise DatasetError(f"{path} is damaged at /{layout.DATA}: {error}.") from error
