"""One episode of a dataset file."""

from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.hdf5_group import Hdf5Group

MOST_STEPS = 10_000_000
"""Of an episode; at 20 Hz that is almost six days."""


class Demo(Hdf5Group):
    """One episode of a dataset.

    Args:
        group: of the episode.
        path: of the file.
        name: of the episode in its dataset.
        part: the open file that the group is in, where that is one of its own.
    """

    def __init__(
        self, group: h5py.Group, path: Path, name: str, part: h5py.File | None = None
    ) -> None:
        super().__init__(group, path)
        self.name = name
        self._part = part  # HDF5 closes a file that nobody holds, and all that is open in it.

    @property
    def steps(self) -> int:
        """Number of actions.

        Raises:
            DatasetError: if it is none, or there is none.
        """
        steps = self.integer("num_samples")
        if not 0 < steps <= MOST_STEPS:
            raise self.error(f"its attribute 'num_samples' is {steps}; it has no actions")
        return steps

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
    def is_imported(self) -> bool:
        """Whether it is a recording of others, with neither states nor a seed to simulate from."""
        return self.has_attribute(layout.IMPORTED)

    @property
    def goal_index(self) -> int | None:
        """Which of the scene's goals was chosen; None where the seed chose it."""
        return self.integer("goal_index") if self.has_attribute("goal_index") else None

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
        rows = self.steps if group == layout.STATES else 1
        states = {path: self._numbers(f"{group}/{path}") for path in paths}
        for path, values in states.items():
            if len(values) != rows:
                raise self.error(f"its {group}/{path} has {len(values)} rows, not {rows}")
        return states

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

    def frames(self, camera: str) -> h5py.Dataset:
        """Return the images of a camera, one for each action, as they are in the file.

        Raises:
            DatasetError: if they are not uint8 (steps, height, width, 3).
        """
        path = layout.image_path(camera)
        frames = self.dataset(path)
        if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[3] != 3:
            raise self.error(f"the images of camera {camera!r} are not uint8 (height, width, 3)")
        if len(frames) != self.steps:
            raise self.error(f"{path!r} has {len(frames)} images, not {self.steps}")
        return frames

    def image(self, camera: str, step: int) -> NDArray[np.uint8]:
        """Return what a camera saw at a step, shape (height, width, 3).

        Raises:
            DatasetError: if it is not an image.
        """
        self.frames(camera)
        return self.array(layout.image_path(camera), step).astype(np.uint8, copy=False)

    def _numbers(self, path: str) -> NDArray[np.float32]:
        values = self.array(path)
        if values.ndim == 0 or values.dtype.kind not in "fiu":
            raise self.error(f"its dataset {path!r} does not hold rows of numbers")
        return values.astype(np.float32)
