"""``vla-humanoid`` with one more system, which is tiny; run by tests in processes of their own."""

import sys
from typing import cast

import torch

from vla_humanoid.cli import main
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.systems.registry import SYSTEMS
from vla_humanoid.policies.views import CameraInput


def tiny(
    cameras: tuple[CameraInput, ...],
    state: tuple[str, ...],
    grounding: GroundingConfig | None = None,
) -> ModelConfig:
    return ModelConfig(
        cameras,
        state,
        vision_channels=(8, 16),
        text_layers=1,
        max_tokens=12,
        fusion_layers=1,
        latents=2,
        width=32,
        attention_heads=2,
        decoder_layers=1,
        horizon=4,
        keyposes=1,
        subgoals=3,
        grounding=grounding,
    )


def add_tiny() -> None:
    """Let "tiny" be trained by name."""
    cast("dict[str, object]", SYSTEMS)["tiny"] = tiny


if __name__ == "__main__":
    torch.set_num_threads(1)
    add_tiny()
    sys.exit(main())
