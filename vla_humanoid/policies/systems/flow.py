"""A small model in the manner of pi0 (Black, 2024): a transformer, and chunks by flow matching.

It is trained from scratch: there is no pretrained vision-language model in it.
"""

from vla_humanoid.policies.config import CameraInput, HeadOptions, ModelConfig


def flow(cameras: tuple[CameraInput, ...], state: tuple[str, ...]) -> ModelConfig:
    """Return the configuration for what is seen and felt."""
    return ModelConfig(
        cameras,
        state,
        learned_tokens=32,
        fusion="transformer",
        head="flow",
        head_options=HeadOptions(layers=2, steps=10),
    )
