"""Scenes as a grounding network is trained and judged on them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.scenes.file import SceneFile, open_scenes
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.training.grounding.targets import Meaning, camera_numbers, meanings


@dataclass(frozen=True)
class KnownScene:
    """A scene, its picture left in the file.

    Args:
        file: number of its file.
        index: in it.
        task: that it is a scene of.
        state: proprioception, all entries, shape (S,).
        camera: see `camera_numbers`.
        meanings: all that can be meant; first what its episode is about, if that has places.
    """

    file: int
    index: int
    task: str
    state: NDArray[np.float32]
    camera: NDArray[np.float64]
    meanings: tuple[Meaning, ...]


class Scenes:
    """Open files of scenes.

    Args:
        files: of them, seen by the view's camera.
        view: that is pointed into.
        mentions: that are told apart.
        held_back: share of each file's scenes, the last ones.
    """

    def __init__(
        self,
        files: Sequence[SceneFile],
        view: CameraInput,
        mentions: int,
        held_back: float,
    ) -> None:
        self._files, self._view = files, view
        self.state_names = files[0].state_names
        self.tasks = tuple(sorted({file.task for file in files}))
        self.train: list[KnownScene] = []
        self.held_back: list[KnownScene] = []
        for number, file in enumerate(files):
            first_held_back = len(file) - max(1, round(held_back * len(file)))
            for index, texts in enumerate(file.texts):
                known = KnownScene(
                    number,
                    index,
                    file.task,
                    file.state[index].astype(np.float32),
                    camera_numbers(texts.cameras[view.camera]),
                    meanings(texts, view, mentions),
                )
                if known.meanings:
                    (self.train if index < first_held_back else self.held_back).append(known)
        if not self.train or not self.held_back:
            raise ConfigurationError("There are too few scenes whose goals name things in places.")

    def pictures(self, scenes: Sequence[KnownScene]) -> torch.Tensor:
        """Return pictures of scenes, uint8, shape (P, height, width, 3).

        Raises:
            DatasetError: if one cannot be read.
        """
        images = [self._files[one.file].image(self._view.camera, one.index) for one in scenes]
        return torch.from_numpy(np.stack(images))


@contextmanager
def opened(
    paths: Sequence[Path], view: CameraInput, mentions: int, held_back: float
) -> Iterator[Scenes]:
    """Open files of scenes.

    Raises:
        ConfigurationError: if they do not fit together, or tell nothing of the camera.
        DatasetError: if one cannot be read.
    """
    with ExitStack() as stack:
        files = [stack.enter_context(open_scenes(path)) for path in paths]
        for path, file in zip(paths, files, strict=True):
            if view.camera not in file.cameras:
                raise ConfigurationError(
                    f"{path} has no pictures of {view.camera}; it has: {', '.join(file.cameras)}."
                )
            if file.state_names != files[0].state_names:
                raise ConfigurationError(f"{path} and {paths[0]} tell different states.")
        yield Scenes(files, view, mentions, held_back)
