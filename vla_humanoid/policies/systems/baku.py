"""BAKU's recipe (Haldar, 2024): a FiLM network, words, a transformer, one action for each step.

Here the tokens of the transformer look at whole images instead of one vector for each, so that
small things can be told apart. It is what is trained by default.
"""

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.views import CameraInput


def baku(
    cameras: tuple[CameraInput, ...],
    state: tuple[str, ...],
    grounding: GroundingConfig | None = None,
) -> ModelConfig:
    """Return the configuration for what is seen and felt."""
    return ModelConfig(cameras, state, grounding=grounding)
