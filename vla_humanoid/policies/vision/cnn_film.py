"""A small convolutional network that the sentence modulates (FiLM; Perez, 2018).

Its resolution is kept at an eighth of the image, so that small things can be told apart and where
they are can be told to a part of a cell.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

from vla_humanoid.policies.positions import as_tokens
from vla_humanoid.policies.vision.encoder import VisionEncoder
from vla_humanoid.policies.vision.norm import group_norm


class FilmResidual(nn.Module):
    """Two convolutions, the second one's result scaled and shifted by the sentence.

    Args:
        channels: in and out.
        condition: width of the sentence's vector.
    """

    def __init__(self, channels: int, condition: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.first_norm = group_norm(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second_norm = group_norm(channels)
        self.film = nn.Linear(condition, 2 * channels)
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.film.bias)

    def forward(self, features: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        """Return features of the same shape (B, C, H, W); condition is (B, condition)."""
        hidden = functional.relu(self.first_norm(self.first(features)))
        hidden = self.second_norm(self.second(hidden))
        scale, shift = self.film(condition)[:, :, None, None].chunk(2, dim=1)
        return functional.relu(features + (1.0 + scale) * hidden + shift)


class FilmCnn(VisionEncoder):
    """Stages of residual blocks, each at half the resolution of the one before.

    Args:
        channels: of the first convolution and of each stage after it.
        condition: width of the sentence's vector.
    """

    def __init__(self, channels: Sequence[int], condition: int) -> None:
        super().__init__(channels[-1])
        self.stem = nn.Conv2d(3, channels[0], 5, stride=2, padding=2)
        self.downs = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(low, high, 3, stride=2, padding=1, bias=False), group_norm(high)
            )
            for low, high in pairwise(channels)
        )
        self.blocks = nn.ModuleList(
            nn.ModuleList(FilmResidual(width, condition) for _ in range(1 + (index > 0)))
            for index, width in enumerate(channels[1:])
        )

    def forward(self, images: torch.Tensor, sentence: torch.Tensor) -> torch.Tensor:
        """Return one token for each cell of the last stage, row by row, (B, N, width)."""
        features = functional.relu(self.stem(images))
        for down, blocks in zip(self.downs, self.blocks, strict=True):
            features = functional.relu(down(features))
            for block in blocks:  # pyright: ignore[reportGeneralTypeIssues]
                features = block(features, sentence)
        return as_tokens(features)
