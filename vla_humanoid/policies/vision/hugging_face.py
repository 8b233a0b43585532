"""Any vision model of Hugging Face's library, from a folder or the hub: CLIP, SigLIP, DINO, ResNet.

Only safetensors are read, and no code that comes with a model is run.
"""

import inspect
import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from vla_humanoid.policies.hugging_face import PREFIX, load_model, width_of
from vla_humanoid.policies.positions import as_tokens
from vla_humanoid.policies.vision.pretrained import PretrainedVision

__all__ = ["PREFIX", "HuggingFaceVision", "hugging_face_vision"]

OUR_MEAN, OUR_DEVIATION = 0.5, 0.25
"""Of `vla_humanoid.policies.images`."""


class HuggingFaceVision(nn.Module):
    """Gives a model images as it is used to, and takes tokens from what it answers.

    Args:
        model: of the library; a part of one that sees and reads is taken.
        mean: by which the model standardizes red, green and blue, of values in [0, 1].
        deviation: likewise.
    """

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(
        self, model: nn.Module, mean: tuple[float, ...], deviation: tuple[float, ...]
    ) -> None:
        super().__init__()
        self.model = getattr(model, "vision_model", model)
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(deviation).view(1, 3, 1, 1))
        config = self.model.config
        self.patch: int = getattr(config, "patch_size", None) or 1
        known = inspect.signature(self.model.forward).parameters
        self._any_size = "interpolate_pos_encoding" in known

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return tokens (B, N, the model's width).

        Args:
            images: shape (B, 3, H, W), as `vla_humanoid.policies.images.prepare` makes them;
                enlarged to whole patches.
        """
        size = [-(-edge // self.patch) * self.patch for edge in images.shape[2:]]
        if size != list(images.shape[2:]):
            images = functional.interpolate(images, size, mode="bilinear", align_corners=False)
        pixels = (images * OUR_DEVIATION + OUR_MEAN - self.mean) / self.deviation
        options = {"interpolate_pos_encoding": True} if self._any_size else {}
        features = self.model(pixel_values=pixels, **options).last_hidden_state
        return as_tokens(features) if features.dim() == 4 else features


def hugging_face_vision(path: str, width: int, tuned: bool) -> PretrainedVision:
    """Return the vision encoder of a model.

    Args:
        path: folder with ``config.json`` and safetensors, or name on the hub.
        width: of the tokens.
        tuned: train the model further; else it is frozen.

    Raises:
        ModelError: if it cannot be loaded, or the extra is missing.
    """
    model = load_model(path)
    mean, deviation = _standardization(Path(path) / "preprocessor_config.json")
    network = HuggingFaceVision(model, mean, deviation)
    return PretrainedVision(network, width_of(network.model), width, tuned)


def _standardization(path: Path) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and deviation that are written beside a model, or 0.5."""
    content = json.loads(path.read_text()) if path.is_file() else {}
    neutral = [0.5, 0.5, 0.5]
    mean, deviation = content.get("image_mean", neutral), content.get("image_std", neutral)
    return tuple(map(float, mean)), tuple(map(float, deviation))
