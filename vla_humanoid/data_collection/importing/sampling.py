"""Takes a source's frames and images at the rate and in the size that are wanted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class Sampler:
    """Chooses frames of an episode, the last at or before each moment, so that none is foreseen.

    Args:
        fps: of the source.
        rate: steps per second wanted; None for the source's.
    """

    fps: float
    rate: float | None

    @property
    def result_rate(self) -> float:
        """Steps per second that come out."""
        return self.rate or self.fps

    def frames(self, length: int) -> NDArray[np.int64]:
        """Return which frames of an episode of some length become steps; at least one does."""
        if self.rate is None:
            return np.arange(length)
        steps = max(int(length * self.rate / self.fps + 1e-6), 1)
        return np.floor(np.arange(steps) * self.fps / self.rate + 1e-6).astype(np.int64)


def fitted(image: NDArray[np.uint8], size: int | None, fit: str) -> NDArray[np.uint8]:
    """Return an image as a square of some size [pixels]; as it is where none is wanted.

    Args:
        image: shape (height, width, 3).
        size: edge of the square, or None.
        fit: crop takes the middle, pad adds black above and below, or left and right.
    """
    height, width = image.shape[:2]
    if size is None or (height, width) == (size, size):
        return image
    edge = min(height, width) if fit == "crop" else max(height, width)
    square = Image.new("RGB", (edge, edge))
    square.paste(Image.fromarray(image), ((edge - width) // 2, (edge - height) // 2))
    return np.asarray(square.resize((size, size), Image.Resampling.LANCZOS))
