"""Axis sensor_noise: what the robot senses of itself, and its images, are worse than they are."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from vla_humanoid.data_collection.environment import IMAGE_PREFIX, Observation
from vla_humanoid.envs.episode import Episode
from vla_humanoid.evaluation.perturbed_numbers import sign, stream
from vla_humanoid.schema import Field, FloatArray

SIGMAS = {"m": 0.002, "rad": 0.004, "rad/s": 0.04, "N": 5.0}
"""Standard deviation of readings, per level, by unit."""
GRAVITY_SIGMA = 0.005
"""Of each entry of the direction of gravity, per level."""
PIXEL_SIGMA = 6.0
"""Standard deviation of each channel of each pixel, of 255, per level."""
BLUR = 0.002
"""Standard deviation of the blur, per level, as part of the height of an image."""
EXPOSURE = 0.10
"""By how much images are too bright or too dark, per level."""


class NoisySensors:
    """Noise on every reading but commands; images that are noisy, blurred and badly exposed.

    Args:
        level: from 1 to 5.
        fields: what the entries of the ``state`` observation mean.
    """

    def __init__(self, level: int, fields: Sequence[Field]) -> None:
        self._level = level
        self._sigmas = level * np.array([_sigma(field) for field in fields])
        self._bounds = (
            np.array([field.low for field in fields], dtype=np.float32),
            np.array([field.high for field in fields], dtype=np.float32),
        )

    def begin(self, episode: Episode) -> None:
        """Draw how images are exposed in an episode."""
        self._rng = stream(episode.seed, "sensor_noise")
        self._gain = 1.0 + sign(self._rng) * EXPOSURE * self._level

    def change(self, observation: Observation) -> Observation:
        """Return the observation as worse sensors would have it."""
        return {
            name: value if isinstance(value, str) else self._sensed(name, value)
            for name, value in observation.items()
        }

    def _sensed(
        self, name: str, value: NDArray[np.uint8] | NDArray[np.float32]
    ) -> NDArray[np.uint8] | NDArray[np.float32]:
        if name.startswith(IMAGE_PREFIX):
            return self._photographed(value.astype(np.uint8))
        noise = self._sigmas * self._rng.standard_normal(len(self._sigmas))
        return np.clip((value + noise).astype(np.float32), *self._bounds)

    def _photographed(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        radius = BLUR * self._level * len(image)
        blurred = np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))
        noise: FloatArray = PIXEL_SIGMA * self._level * self._rng.standard_normal(image.shape)
        return np.clip(np.rint(self._gain * blurred + noise), 0.0, 255.0).astype(np.uint8)


def _sigma(field: Field) -> float:
    if field.name.startswith("gravity"):
        return GRAVITY_SIGMA
    return 0.0 if field.name.endswith("_command") else SIGMAS[field.unit]
