"""A small model in the manner of pi0 (Black, 2024): a transformer, and chunks by flow matching.

It is trained from scratch: there is no pretrained vision-language model in it.
"""

from vla_humanoid.policies.config import HeadOptions, ModelConfig
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.views import CameraInput


def flow(
    cameras: tuple[CameraInput, ...],
    state: tuple[str, ...],
    grounding: GroundingConfig | None = None,
) -> ModelConfig:
    """Return the configuration for what is seen and felt."""
    return ModelConfig(
        cameras,
        state,
        grounding=grounding,
        learned_tokens=32,
        fusion="transformer",
        head="flow",
        head_options=HeadOptions(layers=2, steps=10),
    )
