"""RT-1 (Brohan, 2022): a FiLM EfficientNet, TokenLearner, a transformer, and actions as bins.

One image instead of a history of six, EfficientNet-Lite0 instead of B3, and all steps of a chunk at
once. Its ImageNet weights are trained further, and travel with the checkpoint.
"""

from dataclasses import replace

from vla_humanoid.policies.config import HeadOptions, ModelConfig
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.views import CameraInput


def rt1(
    cameras: tuple[CameraInput, ...],
    state: tuple[str, ...],
    grounding: GroundingConfig | None = None,
) -> ModelConfig:
    """Return the configuration for what is seen and felt; it is told what to do in words."""
    return ModelConfig(
        cameras,
        state,
        grounding=grounding,
        vision="efficientnet_lite0_film",
        vision_shared=True,
        tune_vision=True,
        learned_tokens=8,
        fusion="transformer",
        fusion_layers=4,
        head="discrete",
        head_options=HeadOptions(bins=256, top_k=1),
    )


def rt1_task_id(
    cameras: tuple[CameraInput, ...],
    state: tuple[str, ...],
    grounding: GroundingConfig | None = None,
) -> ModelConfig:
    """Return the configuration of a model that knows each sentence as a task of its own."""
    return replace(rt1(cameras, state, grounding), text="task_id")
