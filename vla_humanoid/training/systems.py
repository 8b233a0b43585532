"""The models that can be trained by name."""

from collections.abc import Callable, Mapping

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.policies.config import CameraInput, ModelConfig


def baku(
    cameras: tuple[CameraInput, ...], state: tuple[str, ...], words: tuple[str, ...]
) -> ModelConfig:
    """Return the composition that is trained by default."""
    return ModelConfig(cameras=cameras, state=state, vocabulary=words)


SYSTEMS: Mapping[
    str, Callable[[tuple[CameraInput, ...], tuple[str, ...], tuple[str, ...]], ModelConfig]
] = {"baku": baku}


def system_config(
    name: str, cameras: tuple[CameraInput, ...], state: tuple[str, ...], words: tuple[str, ...]
) -> ModelConfig:
    """Return the composition of a named system.

    Args:
        name: of the system.
        cameras: what it sees.
        state: what it feels.
        words: that it knows.

    Raises:
        ConfigurationError: if there is none of that name.
    """
    if name not in SYSTEMS:
        raise ConfigurationError(f"Unknown model {name!r}; choose one of {', '.join(SYSTEMS)}.")
    return SYSTEMS[name](cameras, state, words)
