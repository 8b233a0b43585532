"""BAKU's recipe (Haldar, 2024): a FiLM network, words, a transformer, one action for each step.

Here the tokens of the transformer look at whole images instead of one vector for each, so that
small things can be told apart. It is what is trained by default.
"""

from vla_humanoid.policies.config import CameraInput, ModelConfig


def baku(cameras: tuple[CameraInput, ...], state: tuple[str, ...]) -> ModelConfig:
    """Return the configuration for what is seen and felt."""
    return ModelConfig(cameras, state)
