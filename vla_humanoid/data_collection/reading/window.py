"""What is read of a file for one sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Window:
    """Some steps of an episode.

    Args:
        images: by camera, shape (observations, height, width, 3).
        state: shape (observations, S).
        actions: shape (actions, A).
    """

    images: Mapping[str, NDArray[np.uint8]]
    state: NDArray[np.float32]
    actions: NDArray[np.float32]


class WindowReader(Protocol):
    """Reads windows from one file."""

    def window(
        self,
        episode: int,
        observations: NDArray[np.int64],
        actions: NDArray[np.int64],
        cameras: Sequence[str],
    ) -> Window:
        """Return some steps of an episode.

        Args:
            episode: its place in the index.
            observations: steps, in ascending order.
            actions: steps, in ascending order.
            cameras: whose images are wanted.

        Raises:
            DatasetError: if they cannot be read.
        """
        ...

    def image(self, camera: str, episode: int, step: int) -> NDArray[np.uint8]:
        """Return what a camera saw at a step, shape (height, width, 3).

        Raises:
            DatasetError: if it cannot be read.
        """
        ...

    def close(self) -> None:
        """Close the file."""
        ...
