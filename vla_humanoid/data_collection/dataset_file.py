"""Reads dataset files, which may come from anywhere: what is missing is named."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.errors import DatasetError


class _Group:
    """A group of a dataset file, whose contents are checked as they are read."""

    def __init__(self, group: h5py.Group, path: Path) -> None:
        self._group = group
        self._path = path

    def text(self, name: str) -> str:
        """Return an attribute that is a text.

        Raises:
            DatasetError: if it is missing or no text.
        """
        value = self._attribute(name)
        if not isinstance(value, str):
            raise self.error(f"its attribute {name!r} is not a text")
        return value

    def integer(self, name: str) -> int:
        """Return an attribute that is a whole number, or a truth value as 0 or 1.

        Raises:
            DatasetError: if it is missing or no whole number.
        """
        value = self._attribute(name)
        if not isinstance(value, int | np.integer | np.bool_):
            raise self.error(f"its attribute {name!r} is not a whole number")
        return int(value)

    def json_object(self, name: str) -> dict[str, object]:
        """Return an attribute that is the JSON text of an object.

        Raises:
            DatasetError: if it is missing or something else.
        """
        value = self._json(name)
        if not isinstance(value, dict):
            raise self.error(f"its attribute {name!r} is not a JSON object")
        return {str(key): item for key, item in value.items()}

    def json_texts(self, name: str) -> tuple[str, ...]:
        """Return an attribute that is the JSON text of a list of texts.

        Raises:
            DatasetError: if it is missing or something else.
        """
        value = self._json(name)
        if not isinstance(value, list):
            raise self.error(f"its attribute {name!r} is not a JSON list")
        return tuple(str(item) for item in value)

    def _json(self, name: str) -> object:
        try:
            return json.loads(self.text(name))
        except ValueError as error:
            raise self.error(f"its attribute {name!r} is not JSON: {error}") from error

    def array(self, path: str, index: int | slice = slice(None)) -> NDArray[np.generic]:
        """Return a dataset below this group, or a part of it along the first axis.

        Raises:
            DatasetError: if it is missing or damaged.
        """
        try:
            item = self._group[path]
            if not isinstance(item, h5py.Dataset):
                raise self.error(f"{path!r} in it is not a dataset")
            return np.asarray(item[index])
        except KeyError as error:
            raise self.error(f"it has no dataset {path!r}") from error
        except (OSError, RuntimeError) as error:
            raise self.error(f"its dataset {path!r} is damaged: {error}") from error

    def keys(self, path: str) -> tuple[str, ...]:
        """Return the names inside a group below this one; none if there is no such group."""
        item = self._group.get(path)
        return tuple(item) if isinstance(item, h5py.Group) else ()

    def dataset_paths(self, path: str) -> tuple[str, ...]:
        """Return the path, relative to a group below this one, of every dataset in that group."""
        found: list[str] = []
        item = self._group.get(path)
        if isinstance(item, h5py.Group):
            item.visititems(lambda name, node: _note_dataset(found, name, node))
        return tuple(found)

    def _attribute(self, name: str) -> object:
        try:
            return self._group.attrs[name]
        except KeyError as error:
            raise self.error(f"it has no attribute {name!r}") from error
        except (OSError, RuntimeError) as error:
            raise self.error(f"its attribute {name!r} is damaged: {error}") from error

    def error(self, what: str) -> DatasetError:
        """Return an error that says where in which file something is wrong."""
        return DatasetError(f"{self._path}: {self._group.name} cannot be read: {what}.")


class Demo(_Group):
    """One episode of a dataset."""

    def __init__(self, group: h5py.Group, path: Path, name: str) -> None:
        super().__init__(group, path)
        self.name = name

    @property
    def steps(self) -> int:
        """Number of actions."""
        return self.integer("num_samples")

    @property
    def success(self) -> bool:
        """Whether the episode succeeded."""
        return bool(self.integer("success"))

    @property
    def seed(self) -> int:
        """What the environment was reset with.

        Raises:
            DatasetError: if it is none.
        """
        seed = self.integer("seed")
        if seed < 0:
            raise self.error(f"its attribute 'seed' is negative: {seed}")
        return seed

    @property
    def goal_index(self) -> int | None:
        """Which of the scene's goals was chosen; None where the seed chose it."""
        return self.integer("goal_index") if "goal_index" in self._group.attrs else None

    @property
    def cameras(self) -> tuple[str, ...]:
        """The cameras whose images are recorded."""
        keys = self.keys(layout.OBS)
        return tuple(
            key.removesuffix(layout.IMAGE_SUFFIX)
            for key in keys
            if key.endswith(layout.IMAGE_SUFFIX)
        )

    def actions(self) -> NDArray[np.float32]:
        """Return the actions, shape (steps, dim).

        Raises:
            DatasetError: if there are none, their shape contradicts ``num_samples``, or one is not
                finite.
        """
        actions = self._numbers(layout.ACTIONS)
        if actions.ndim != 2 or len(actions) != self.steps:
            raise self.error(
                f"its actions have shape {actions.shape} but num_samples is {self.steps}"
            )
        if len(actions) == 0:
            raise self.error("it has no actions")
        bad = np.flatnonzero(~np.isfinite(actions).all(axis=1))
        if len(bad):
            raise self.error(f"its actions are not finite at step {bad[0]}")
        return actions

    def states(self, group: str) -> dict[str, NDArray[np.float32]]:
        """Return `states`, `initial_state` or `final_state`, laid out as `layout.state_tree`.

        Raises:
            DatasetError: if there are none, or one is not rows of numbers.
        """
        paths = self.dataset_paths(group)
        if not paths:
            raise self.error(f"it has no {group!r}")
        return {path: self._numbers(f"{group}/{path}") for path in paths}

    def all_states(self) -> dict[str, NDArray[np.float32]]:
        """Return the states at every action, then the final one, laid out as `states`.

        Raises:
            DatasetError: if they cannot be read or do not fit together.
        """
        states, final = self.states(layout.STATES), self.states(layout.FINAL_STATE)
        for path, rows in states.items():
            if path not in final or final[path].shape != (1, *rows.shape[1:]):
                raise self.error(
                    f"its {layout.FINAL_STATE}/{path} is no further row of {layout.STATES}/{path}"
                )
        return {path: np.concatenate([rows, final[path]]) for path, rows in states.items()}

    def image(self, camera: str, step: int) -> NDArray[np.uint8]:
        """Return what a camera saw at a step, shape (height, width, 3).

        Raises:
            DatasetError: if it is not an image.
        """
        image = self.array(layout.image_path(camera), step)
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise self.error(f"the images of camera {camera!r} are not uint8 (height, width, 3)")
        return image.astype(np.uint8, copy=False)

    def _numbers(self, path: str) -> NDArray[np.float32]:
        values = self.array(path)
        if values.ndim == 0 or values.dtype.kind not in "fiu":
            raise self.error(f"its dataset {path!r} does not hold rows of numbers")
        return values.astype(np.float32)


class DatasetFile(_Group):
    """An open dataset file."""

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    @property
    def size(self) -> int:
        """Of the file [bytes], with the files that its episodes are in while it is unfinished."""
        parts = [part for name in self.demo_names() if (part := self._part(name)) is not None]
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
            return tuple(sorted(self._group, key=layout.demo_number))
        except ValueError as error:
            raise self.error(str(error)) from error

    def demo(self, name: str) -> Demo:
        """Return a demo by name.

        Raises:
            DatasetError: if there is none of that name, or the file it is in is gone.
        """
        try:
            group = self._group[name]
        except (KeyError, OSError) as error:
            if (part := self._part(name)) is not None:
                missing = part if part.parent.is_dir() else part.parent
                raise self.error(
                    f"{name!r} is in {part}, but {missing} is missing; an unfinished dataset and "
                    f"the folder {part.parent.name} must be moved together"
                ) from error
            raise self.error(f"{name!r} is missing; it has {len(self._group)} demos") from error
        if not isinstance(group, h5py.Group):
            raise self.error(f"{name!r} is not a group")
        return Demo(group, self._path, name)

    def _part(self, name: str) -> Path | None:
        """Return the file of its own that an episode is in, while the dataset is unfinished."""
        link = self._group.get(name, getlink=True)
        return self._path.parent / link.filename if isinstance(link, h5py.ExternalLink) else None

    def demos(self) -> Iterator[Demo]:
        """Yield the demos in order."""
        return (self.demo(name) for name in self.demo_names())


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
        data = file.get(layout.DATA)
        if not isinstance(data, h5py.Group):
            raise DatasetError(f"{path} is not a dataset: it has no group /{layout.DATA}.")
        yield DatasetFile(data, path)


def _note_dataset(found: list[str], name: str, node: object) -> None:
    if isinstance(node, h5py.Dataset):
        found.append(name)
