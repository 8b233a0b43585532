"""Models so small that making and asking one takes milliseconds."""

from dataclasses import replace

import torch
from torch import nn

from vla_humanoid.description import Description
from vla_humanoid.policies.config import HeadOptions, ModelConfig
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.slots import Slot
from vla_humanoid.policies.standardization import Standardization
from vla_humanoid.policies.systems.registry import with_vocabulary
from vla_humanoid.policies.text.tokenizer import vocabulary
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.policies.vision.encoder import VisionEncoder
from vla_humanoid.policies.vision.pretrained import PretrainedVision
from vla_humanoid.schema import ActionSpec, Field

STATE = tuple(Field(f"joint_{index}", "rad", -1.0, 1.0, "") for index in range(5))
ACTION = ActionSpec(
    "right_arm", tuple(Field(f"entry_{index}", "m", -1.0, 1.0, "pelvis") for index in range(3))
)
CAMERAS = (CameraInput("head", 16, 24, top=0.25), CameraInput("right_wrist", 16, 16))
DESCRIPTION = Description(ACTION, STATE, cameras=("head", "right_wrist"), image_size=32, rate=20.0)
SENTENCES = ("pick up the red cube", "put it on the blue plate")
SMALL = with_vocabulary(
    ModelConfig(
        CAMERAS,
        ("joint_0", "joint_3"),
        vision_channels=(4, 8),
        vision_layers=1,
        patch=8,
        text_layers=1,
        max_tokens=12,
        fusion_layers=1,
        latents=2,
        width=8,
        attention_heads=2,
        decoder_layers=1,
        horizon=4,
        subgoals=3,
    ),
    SENTENCES,
)
GROUNDING = GroundingConfig(
    view=CameraInput("head", 24, 32, top=0.25, moment="told"),
    state=("joint_1", "joint_4"),
    tasks=("PickPlace", "Stack"),
    kinds=("", "can", "cube"),
    vocabulary=vocabulary(SENTENCES),
    channels=(4, 8, 8),
    width=8,
    text_layers=1,
    attention_heads=2,
    max_tokens=12,
)


def composed(
    *,
    cameras: tuple[CameraInput, ...] = CAMERAS,
    vision: str = SMALL.vision,
    text: str = SMALL.text,
    fusion: str = SMALL.fusion,
    head: str = SMALL.head,
    width: int = SMALL.width,
    vision_shared: bool = False,
    tune_vision: bool = False,
    tune_text: bool = False,
    learned_tokens: int = 0,
    slots: tuple[Slot, ...] = (),
    head_options: HeadOptions = SMALL.head_options,
    grounding: GroundingConfig | None = None,
) -> ModelConfig:
    """Return the small configuration with changes; its tokenizer knows the sentences."""
    changed = replace(
        SMALL,
        cameras=cameras,
        vision=vision,
        text=text,
        fusion=fusion,
        head=head,
        width=width,
        vision_shared=vision_shared,
        tune_vision=tune_vision,
        tune_text=tune_text,
        learned_tokens=learned_tokens,
        slots=slots,
        head_options=head_options,
        grounding=grounding,
    )
    return with_vocabulary(changed, SENTENCES)


def small_policy(config: ModelConfig = SMALL, seed: int = 0) -> PolicyModel:
    """Return a model with weights drawn from a seed, ready to act."""
    torch.manual_seed(seed)
    state = Standardization([0.1] * len(STATE), [0.5] * len(STATE))
    action = Standardization([0.1, 0.0, -0.1], [0.5, 0.2, 1.0])
    return PolicyModel(config, DESCRIPTION, state, action).eval()


def small_grounder(config: GroundingConfig = GROUNDING, seed: int = 0) -> Grounder:
    """Return a grounding network with weights drawn from a seed."""
    torch.manual_seed(seed)
    felt = Standardization([0.1] * len(config.state), [0.5] * len(config.state))
    position = Standardization([0.3, 0.0, 0.1], [0.1, 0.2, 0.05])
    return Grounder(config, felt, position, Standardization([0.0] * 13, [0.5] * 13)).eval()


def told(images: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return images besides which the head shows what it saw when the robot was told."""
    return {**images, "head_told": images["head"].flip(0)}


def seen(batch: int = 2, seed: int = 0) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Return images by camera, and states."""
    generator = torch.Generator().manual_seed(seed)
    images = {
        view.camera: torch.randint(
            0, 256, (batch, 32, 32, 3), generator=generator, dtype=torch.uint8
        )
        for view in CAMERAS
    }
    return images, torch.randn(batch, len(STATE), generator=generator)


class Learned(nn.Module):
    """Stands for a network with pretrained weights.

    Args:
        seed: of its weights.
    """

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.weight = nn.Parameter(torch.randn(12, 3 * 16, generator=generator))
        self.asked = 0

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return a token for each 4 x 4 pixels, (B, N, 12)."""
        self.asked += len(images)
        patches = nn.functional.unfold(images, 4, stride=4).transpose(1, 2)
        return torch.tanh(patches @ self.weight.T)


def learned_vision(config: ModelConfig, seed: int = 0) -> VisionEncoder:
    """Return a vision encoder of a network with pretrained weights."""
    return PretrainedVision(Learned(seed), 12, config.width, config.tune_vision)
