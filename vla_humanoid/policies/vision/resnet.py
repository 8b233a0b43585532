"""A small residual network in the shape of ResNet-18 (He, 2016), trained with the model."""

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from vla_humanoid.policies.positions import as_tokens
from vla_humanoid.policies.vision.encoder import VisionEncoder
from vla_humanoid.policies.vision.norm import group_norm

BLOCKS = 2
"""Of each stage."""


class Residual(nn.Module):
    """Two convolutions beside a shortcut.

    Args:
        low: channels that come in.
        high: channels that come out.
        stride: of the first convolution.
    """

    def __init__(self, low: int, high: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(low, high, 3, stride, padding=1, bias=False)
        self.first_norm = group_norm(high)
        self.second = nn.Conv2d(high, high, 3, padding=1, bias=False)
        self.second_norm = group_norm(high)
        self.shortcut = (
            nn.Identity()
            if low == high and stride == 1
            else nn.Sequential(nn.Conv2d(low, high, 1, stride, bias=False), group_norm(high))
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return features (B, high, H / stride, W / stride)."""
        hidden = functional.relu(self.first_norm(self.first(features)))
        return functional.relu(self.shortcut(features) + self.second_norm(self.second(hidden)))


class ResNet(VisionEncoder):
    """A stem at a quarter of the resolution, and stages that halve it from the second on.

    Args:
        channels: of each stage; ResNet-18 has 64, 128, 256, 512.
    """

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__(channels[-1])
        self.stem = nn.Conv2d(3, channels[0], 7, stride=2, padding=3, bias=False)
        self.stem_norm = group_norm(channels[0])
        self.stages = nn.ModuleList()
        low = channels[0]
        for index, high in enumerate(channels):
            first = Residual(low, high, 1 if index == 0 else 2)
            self.stages.append(
                nn.Sequential(first, *(Residual(high, high, 1) for _ in range(BLOCKS - 1)))
            )
            low = high

    def forward(self, images: torch.Tensor, sentence: torch.Tensor) -> torch.Tensor:
        """Return one token for each cell of the last stage, row by row, (B, N, width)."""
        features = functional.relu(self.stem_norm(self.stem(images)))
        features = functional.max_pool2d(features, 3, stride=2, padding=1)
        for stage in self.stages:
            features = stage(features)
        return as_tokens(features)
