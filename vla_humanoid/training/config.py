"""What a training run is told."""

from dataclasses import dataclass

from vla_humanoid.data_collection.errors import ConfigurationError

PRECISIONS = ("bfloat16", "float32")


@dataclass(frozen=True)
class TrainingConfig:
    """How a model is trained; with the dataset files it determines the run.

    Args:
        steps: updates of the weights.
        batch_size: samples of each, of all processes together.
        learning_rate: at its highest, after the warm-up; a cosine takes it to a hundredth.
        warmup: steps in which it rises.
        weight_decay: of matrices; vectors are left alone.
        clip: largest norm of the gradient.
        ema: decay of the moving average of the weights, which is what is evaluated.
        planning: weight of the planning head's losses.
        brightness: largest change of an image's brightness and contrast, as a fraction.
        told: cameras of which the model also sees what they saw when the robot was told its
            sentence. What it names is in sight then; later the head turns away or a hand is before
            it.
        view_scale: edges of what the model sees, as a fraction of the usual ones, which are at most
            168 by 224 px of the head's camera and 112 by 112 px of any other.
        crop: margin that is cut off each side of a view, as a fraction of it; in training the view
            is shifted by up to as much, when acting it is in the middle.
        state_dropout: share of the samples whose state is hidden. Without it a model reads from
            the hand's motion where it goes, and never learns to look for what the sentence names.
        state_noise: most noise on the robot's state, in standard deviations; how much there is is
            drawn for each sample. Acting, a model comes to states that were not demonstrated.
        named_noise: noise on what the grounding network tells, in standard deviations.
        grip_change_weight: how much more often than others samples come whose chunk holds a change
            of grip; 1 for as often.
        goal_slots: whether the planning head learns to read the slots of the goal (verb, object,
            attribute, relation, container, hand) from the sentence.
        precision: of what the encoders and transformers compute, "bfloat16" or "float32".
        seed: of everything that is drawn.

    Raises:
        ConfigurationError: if a value is not valid; the message says which are.
    """

    steps: int = 20000
    batch_size: int = 64
    learning_rate: float = 1e-3
    warmup: int = 200
    weight_decay: float = 0.02
    clip: float = 1.0
    ema: float = 0.998
    planning: float = 0.5
    brightness: float = 0.15
    told: tuple[str, ...] = ()
    view_scale: float = 1.0
    crop: float = 0.0
    state_dropout: float = 0.5
    state_noise: float = 0.0
    named_noise: float = 0.0
    grip_change_weight: float = 1.0
    goal_slots: bool = False
    precision: str = "bfloat16"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least, most in _RANGES:
            value = getattr(self, name)
            if not least <= value <= most:
                raise ConfigurationError(
                    f"{name} must be from {least:g} to {most:g}, not {value:g}."
                )
        if self.learning_rate <= 0 or self.clip <= 0:
            raise ConfigurationError("learning_rate and clip must be more than 0.")
        if self.precision not in PRECISIONS:
            raise ConfigurationError(
                f"Unknown precision {self.precision!r}; choose one of {', '.join(PRECISIONS)}."
            )


_MANY = 1e9
_RANGES: tuple[tuple[str, float, float], ...] = (
    ("steps", 1, _MANY),
    ("batch_size", 1, _MANY),
    ("learning_rate", 0, _MANY),
    ("warmup", 0, _MANY),
    ("weight_decay", 0, _MANY),
    ("clip", 0, _MANY),
    ("ema", 0, 1),
    ("planning", 0, _MANY),
    ("brightness", 0, 1),
    ("view_scale", 0.1, 1),
    ("crop", 0, 0.4),
    ("state_dropout", 0, 1),
    ("state_noise", 0, _MANY),
    ("named_noise", 0, _MANY),
    ("grip_change_weight", 1, 1000),
    ("seed", 0, 2**31),
)
"""Least and most of each number; what is no number fails all comparisons."""
