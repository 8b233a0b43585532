"""What a training run is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingConfig:
    """How a model is trained; with the dataset files it determines the run.

    Args:
        steps: updates of the weights.
        batch_size: samples of each.
        learning_rate: at its highest, after the warm-up; a cosine takes it to a hundredth.
        warmup: steps in which it rises.
        weight_decay: of matrices; vectors are left alone.
        clip: largest norm of the gradient.
        ema: decay of the moving average of the weights, which is what is evaluated.
        planning: weight of the planning head's losses.
        brightness: largest change of an image's brightness and contrast, as a fraction.
        state_dropout: share of the samples whose state is hidden.
        precision: of what the encoders and transformers compute, "bfloat16" or "float32".
        seed: of everything that is drawn.
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
    state_dropout: float = 0.0
    precision: str = "bfloat16"
    seed: int = 0
