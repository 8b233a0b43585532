"""Fusions by name. A new one is a maker in this table."""

from collections.abc import Callable, Mapping

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import ModelError, chosen
from vla_humanoid.policies.fusion.concat import ConcatFusion
from vla_humanoid.policies.fusion.cross_attention import CrossAttentionFusion
from vla_humanoid.policies.fusion.fusion import Fusion
from vla_humanoid.policies.fusion.mlp import MlpFusion
from vla_humanoid.policies.fusion.transformer import TransformerFusion


def _transformer(config: ModelConfig, vision_width: int) -> Fusion:
    return TransformerFusion(
        config.width, config.fusion_layers, config.attention_heads, vision_width, config.dropout
    )


def _cross_attention(config: ModelConfig, vision_width: int) -> Fusion:
    return CrossAttentionFusion(
        config.width,
        config.fusion_layers,
        config.attention_heads,
        config.latents,
        vision_width,
        config.dropout,
    )


def _mlp(config: ModelConfig, vision_width: int) -> Fusion:
    asked = 1 + config.keyposes
    if config.latents < asked:
        raise ModelError(
            f"latents is {config.latents}; the plan alone needs {asked} of the tokens of mlp."
        )
    others = asked + 1 + (config.grounding is not None)
    return MlpFusion(
        config.width,
        others,
        config.fusion_layers,
        config.hidden,
        config.latents,
        config.dropout,
    )


FUSIONS: Mapping[str, Callable[[ModelConfig, int], Fusion]] = {
    "concat": lambda config, vision_width: ConcatFusion(config.width, vision_width),
    "transformer": _transformer,
    "cross_attention": _cross_attention,
    "mlp": _mlp,
}


def make_fusion(config: ModelConfig, vision_width: int) -> Fusion:
    """Return a new fusion for images' tokens of a width.

    Raises:
        ModelError: if there is none of this name.
    """
    return chosen("fusion", FUSIONS, config.fusion)(config, vision_width)
