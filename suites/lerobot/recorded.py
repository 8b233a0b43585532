"""The truth: episodes of a dataset file, read with h5py alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import h5py
import numpy as np
from numpy.typing import NDArray

CAMERAS = ("head", "right_wrist")
TOLERANCE = 5.0
"""Mean difference of an image from its video, of 255: colours are stored at half the resolution,
which alone costs 1.5 at 224 pixels, and more where a pixel shows more."""


@dataclass(frozen=True)
class Recorded:
    """An episode of T steps.

    Args:
        state: shape (T, S).
        actions: shape (T, A).
        rewards: shape (T,).
        sentences: what was told at each step.
        images: by camera, shape (T, H, W, 3).
    """

    state: NDArray[np.float32]
    actions: NDArray[np.float32]
    rewards: NDArray[np.float32]
    sentences: tuple[str, ...]
    images: dict[str, NDArray[np.uint8]]

    @property
    def steps(self) -> int:
        return len(self.actions)


def read_episodes(file: h5py.File) -> Iterator[Recorded]:
    for split in ("train", "valid"):
        for name in file[f"mask/{split}"][:]:
            yield _read(file[f"data/{name.decode()}"])


def _read(demo: h5py.Group) -> Recorded:
    said = [sentence for _, sentence in json.loads(demo.attrs["said"])]
    return Recorded(
        state=demo["obs/state"][:],
        actions=demo["actions"][:],
        rewards=demo["rewards"][:],
        sentences=tuple(said[index] for index in demo["sentence"][:]),
        images={camera: demo[f"obs/{camera}_image"][:] for camera in CAMERAS},
    )


def check_images(decoded: NDArray[np.float64], images: NDArray[np.uint8]) -> None:
    """Check that every frame is that of its step, and not of the one before or after.

    Args:
        decoded: shape (T, H, W, 3), 0 to 255.
        images: likewise.
    """
    assert decoded.shape == images.shape
    error = np.abs(decoded - images).mean(axis=(1, 2, 3))
    assert error.max() <= TOLERANCE, error
    for shift in (-1, 1):
        # Where nothing moves, neighbours are as good; where something does, none is better.
        other = np.roll(images, shift, axis=0)
        moved = np.abs(other.astype(float) - images).mean(axis=(1, 2, 3)) > 0.5
        shifted = np.abs(decoded - other).mean(axis=(1, 2, 3))
        assert moved.sum() > 10
        assert (error[moved] < shifted[moved]).all()
