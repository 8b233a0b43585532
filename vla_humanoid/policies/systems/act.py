"""ACT (Zhao, 2023): a residual network for each camera, a transformer, and a variational decoder.

Smaller than the original, which has a ResNet-18 of 512 channels and no words at all.
"""

from vla_humanoid.policies.config import HeadOptions, ModelConfig
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.views import CameraInput


def act(
    cameras: tuple[CameraInput, ...],
    state: tuple[str, ...],
    grounding: GroundingConfig | None = None,
) -> ModelConfig:
    """Return the configuration for what is seen and felt."""
    return ModelConfig(
        cameras,
        state,
        grounding=grounding,
        vision="resnet",
        vision_channels=(32, 64, 128),
        fusion="transformer",
        fusion_layers=4,
        decoder_layers=1,
        head="cvae",
        head_options=HeadOptions(layers=2, style_width=32, style_weight=10.0),
        dropout=0.1,
    )
