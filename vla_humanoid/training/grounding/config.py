"""What the training of a grounding network is told."""

from dataclasses import dataclass
from math import inf

from vla_humanoid.data_collection.errors import ConfigurationError


@dataclass(frozen=True)
class GroundingTraining:
    """How a grounding network is trained; with the files of scenes it determines the run.

    Args:
        steps: updates of the weights.
        pictures: of each update, of all processes together.
        sentences: that are asked of each picture.
        learning_rate: at its highest, after the warm-up; a cosine takes it to a hundredth.
        warmup: steps in which it rises.
        weight_decay: of matrices.
        clip: largest norm of the gradient.
        brightness: largest change of a picture's brightness and contrast, as a fraction.
        held_back: share of each file's scenes, the last ones, that it is judged by.
        blind_to_words: train a twin that takes every sentence for the same empty one: it shows what
            language is good for.
        seed: of everything that is drawn.

    Raises:
        ConfigurationError: if a value is not valid.
    """

    steps: int = 4500
    pictures: int = 64
    sentences: int = 6
    learning_rate: float = 2e-3
    warmup: int = 100
    weight_decay: float = 0.02
    clip: float = 1.0
    brightness: float = 0.15
    held_back: float = 0.04
    blind_to_words: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the values."""
        counts = {
            "steps": self.steps, "pictures": self.pictures, "sentences": self.sentences,
            "warmup": self.warmup,
        }  # fmt: skip
        if wrong := [f"{name} is {count}" for name, count in counts.items() if count < 1]:
            raise ConfigurationError(f"{', '.join(wrong)}; it must be at least 1.")
        # What is no number fails all comparisons.
        if not (
            0.0 < self.learning_rate < inf and self.clip > 0.0 and 0.0 <= self.weight_decay < inf
        ):
            raise ConfigurationError(
                "learning_rate and clip must be more than 0, weight_decay at least 0."
            )
        if not (0.0 <= self.brightness <= 1.0 and 0.0 < self.held_back < 1.0):
            raise ConfigurationError("brightness must be from 0 to 1, held_back between 0 and 1.")
        if not 0 <= self.seed < 2**31:
            raise ConfigurationError(f"seed must be from 0 to 2**31 - 1, not {self.seed}.")
