"""Vision encoders by name. A new one is a maker in this table."""

from collections.abc import Callable, Mapping

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import chosen
from vla_humanoid.policies.vision.cnn_film import FilmCnn
from vla_humanoid.policies.vision.efficientnet_lite0 import EfficientNetLite0, FilmEfficientNetLite0
from vla_humanoid.policies.vision.encoder import VisionEncoder
from vla_humanoid.policies.vision.hugging_face import PREFIX, hugging_face_vision
from vla_humanoid.policies.vision.resnet import ResNet
from vla_humanoid.policies.vision.vit import VisionTransformer

VISION_ENCODERS: Mapping[str, Callable[[ModelConfig], VisionEncoder]] = {
    "cnn_film": lambda config: FilmCnn(config.vision_channels, config.width),
    "vit": lambda config: VisionTransformer(
        config.patch, config.width, config.vision_layers, config.attention_heads, config.dropout
    ),
    "resnet": lambda config: ResNet(config.vision_channels),
    "efficientnet_lite0": lambda config: EfficientNetLite0(config.width, config.tune_vision),
    "efficientnet_lite0_film": lambda config: FilmEfficientNetLite0(
        config.width, config.tune_vision
    ),
}


def make_vision(config: ModelConfig) -> VisionEncoder:
    """Return a new vision encoder.

    Raises:
        ModelError: if there is none of this name, or its weights are missing.
    """
    if config.vision.startswith(PREFIX):
        return hugging_face_vision(
            config.vision.removeprefix(PREFIX), config.width, config.tune_vision
        )
    return chosen("vision encoder", VISION_ENCODERS, config.vision, f"{PREFIX}PATH")(config)
