"""Features of frozen encoders, kept from step to step and from run to run."""

from pathlib import Path

from torch import nn

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.policies.frozen import Frozen
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.config import TrainingConfig


def keep_features(model: PolicyModel, folder: Path, training: TrainingConfig) -> None:
    """Let a model's frozen encoders keep what they make of images and sentences.

    Args:
        model: that is trained.
        folder: for the features; those that are there are used.
        training: how.

    Raises:
        ConfigurationError: if nothing is frozen, images do not come again as they were, or the
            folder cannot be written to.
    """
    if not _frozen(model):
        raise ConfigurationError(
            "Nothing in this model is frozen, so that there are no features to keep; leave out "
            "--features, or choose frozen encoders, such as --vision efficientnet_lite0."
        )
    if _frozen(model.model.vision) and (training.brightness or training.crop):
        raise ConfigurationError(
            "Features are kept of images that come again as they were: give --brightness 0 and "
            "--crop 0 with --features."
        )
    try:
        model.cache_features(folder)
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot hold features: {error.strerror}.") from error


def _frozen(module: nn.Module) -> bool:
    return any(isinstance(part, Frozen) for part in module.modules())
