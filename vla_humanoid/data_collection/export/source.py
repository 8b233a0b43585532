"""What is to be exported: the episodes of some dataset files, as a policy may see them.

Images, proprioceptive state, actions, rewards and words; nothing of the state of the world.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo, open_dataset
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.file_description import (
    FileDescription,
    describe_file,
    file_differences,
)

STATE = f"{layout.OBS}/state"
SPLITS = ("train", "valid", "failed")
"""In the order in which episodes are exported: a split is a range of episodes."""


@dataclass(frozen=True)
class EpisodeKey:
    """Where an episode is, and what is known without reading it.

    Args:
        path: of its dataset file.
        demo: its name there.
        split: one of `SPLITS`.
        steps: number of actions, >= 1.
    """

    path: Path
    demo: str
    split: str
    steps: int


class Episode:
    """One episode, read from its file as it is asked for.

    Args:
        key: where it is.
        demo: the same, open.
        description: of the whole export; the episode is checked against it.
    """

    def __init__(self, key: EpisodeKey, demo: Demo, description: FileDescription) -> None:
        self.key = key
        self._demo = demo
        self._description = description

    @property
    def steps(self) -> int:
        """Number of actions."""
        return self.key.steps

    @property
    def success(self) -> bool:
        """Whether it succeeded."""
        return self._demo.success

    @property
    def seed(self) -> int:
        """What its environment was reset with; -1 where it was imported."""
        return -1 if self._demo.is_imported else self._demo.seed

    @property
    def task(self) -> str:
        """Name of the task, such as PickPlace."""
        return self._demo.text("task")

    @property
    def instruction(self) -> str:
        """What is to be done, in words."""
        return self._demo.text("instruction")

    @property
    def paraphrases(self) -> tuple[str, ...]:
        """The same in other words."""
        return self._demo.json_texts("paraphrases")

    def sentences(self) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """Return what the policy was told, and for each step which of it; shape (steps,).

        There are several sentences where it was corrected on the way.
        """
        said = tuple(_sentence(self._demo, entry) for entry in self._demo.json_list("said"))
        index = self._rows(layout.SENTENCE, ()).astype(np.int64)
        if index.min() < 0 or index.max() >= len(said):
            raise self._demo.error(f"{layout.SENTENCE!r} points beyond its {len(said)} sentences")
        return said, index

    def actions(self) -> NDArray[np.float32]:
        """Return the normalized actions, shape (steps, dim)."""
        return self._rows(layout.ACTIONS, (len(self._description.action),)).astype(np.float32)

    def states(self) -> NDArray[np.float32]:
        """Return the proprioceptive state at each action, shape (steps, dim)."""
        return self._rows(STATE, (len(self._description.state),)).astype(np.float32)

    def rewards(self) -> NDArray[np.float32]:
        """Return what followed from each action, shape (steps,)."""
        return self._rows(layout.REWARDS, ()).astype(np.float32)

    def dones(self) -> NDArray[np.bool_]:
        """Return whether the episode ended with each action, shape (steps,)."""
        return self._rows(layout.DONES, ()).astype(np.bool_)

    def frame(self, camera: str, step: int) -> NDArray[np.uint8]:
        """Return what a camera saw when an action was chosen, shape (height, width, 3)."""
        image = self._demo.image(camera, step)
        shape = self._description.images[camera]
        if image.shape[:2] != shape:
            raise self._demo.error(
                f"the images of camera {camera!r} are {image.shape[:2]}, others are {shape}"
            )
        return image

    def frames(self, camera: str) -> Iterator[NDArray[np.uint8]]:
        """Yield what a camera saw at each action."""
        return (self.frame(camera, step) for step in range(self.steps))

    def _rows(self, path: str, shape: tuple[int, ...]) -> NDArray[np.generic]:
        rows = self._demo.array(path)
        if rows.shape != (self.steps, *shape) or rows.dtype.kind not in "fiub":
            raise self._demo.error(
                f"{path!r} is {rows.dtype} {rows.shape}, not numbers {(self.steps, *shape)}"
            )
        if not np.isfinite(rows).all():
            raise self._demo.error(f"{path!r} holds values that are not finite")
        return rows


class Source:
    """The episodes of some dataset files, in a fixed order: split by split, file by file.

    Args:
        paths: of the files, at least one.
        failures: whether to take episodes that failed as well.
        on_episode: called with the number of episodes done so far and with how many there are,
            whenever `episodes` goes on.

    Raises:
        DatasetError: if a file cannot be read, is unfinished, or does not go with the others.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        failures: bool = False,
        on_episode: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        self.paths = tuple(paths)
        self._on_episode = on_episode
        described: dict[Path, FileDescription] = {}
        keys: list[EpisodeKey] = []
        for path in self.paths:
            with open_dataset(path) as dataset:
                found = _keys(dataset, failures)
                keys += found
                if found:
                    described[path] = describe_file(dataset, dataset.demo(found[0].demo))
        if not keys:
            raise DatasetError(
                f"{', '.join(map(str, paths))}: there is no successful episode to export."
            )
        first = next(iter(described))
        for path, description in described.items():
            _check_alike(first, described[first], path, description)
        self.description = described[first]
        self.keys = tuple(sorted(keys, key=lambda key: SPLITS.index(key.split)))

    @property
    def steps(self) -> int:
        """Of all episodes together."""
        return sum(key.steps for key in self.keys)

    def split(self, name: str) -> range:
        """Return which of the exported episodes, counted from 0, belong to a split."""
        numbers = [number for number, key in enumerate(self.keys) if key.split == name]
        return range(numbers[0], numbers[-1] + 1) if numbers else range(0)

    def episodes(self) -> Iterator[Episode]:
        """Yield the episodes one after the other; each is open until the next is asked for."""
        for done, episode in enumerate(self.reread()):
            self._on_episode(done, len(self.keys))
            yield episode
        self._on_episode(len(self.keys), len(self.keys))

    def reread(self) -> Iterator[Episode]:
        """Yield the episodes as `episodes` does, but without telling anybody."""
        for path, keys in groupby(self.keys, key=lambda key: key.path):
            with open_dataset(path) as dataset:
                for key in keys:
                    yield Episode(key, dataset.demo(key.demo), self.description)


def _keys(dataset: DatasetFile, failures: bool) -> list[EpisodeKey]:
    if not dataset.complete:
        raise dataset.error("it is unfinished; complete it with generate --resume")
    valid = frozenset(dataset.masks().get("valid", ()))
    keys: list[EpisodeKey] = []
    for demo in dataset.demos():
        if demo.success or failures:
            split = "failed" if not demo.success else "valid" if demo.name in valid else "train"
            keys.append(EpisodeKey(dataset.path, demo.name, split, demo.steps))
    return keys


def _sentence(demo: Demo, entry: object) -> str:
    if not isinstance(entry, list) or len(entry) != 2:
        raise demo.error(f"its attribute 'said' holds {json.dumps(entry)}, not [step, sentence]")
    return str(entry[1])


def _check_alike(
    first: Path, expected: FileDescription, path: Path, found: FileDescription
) -> None:
    if differences := file_differences(found, expected):
        lines = "\n".join(f"  {difference}" for difference in differences)
        raise DatasetError(f"{path} does not go with {first}; export them apart:\n{lines}")
