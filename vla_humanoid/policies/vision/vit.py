"""A small vision transformer, trained with the rest of the model (Dosovitskiy, 2021)."""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block
from vla_humanoid.policies.positions import as_tokens
from vla_humanoid.policies.vision.encoder import VisionEncoder


class VisionTransformer(VisionEncoder):
    """Squares of an image that attend to one another; the sentence does not change them.

    Args:
        patch: edge of a square [px]. What is left over at the right and the bottom is not seen.
        width: of the tokens.
        layers: of self-attention.
        heads: of each.
        dropout: of the layers.
    """

    def __init__(self, patch: int, width: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__(width)
        self.embedding = nn.Conv2d(3, width, patch, stride=patch)
        self.blocks = nn.ModuleList(Block(width, heads, dropout=dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, images: torch.Tensor, sentence: torch.Tensor) -> torch.Tensor:
        """Return one token for each square, row by row, (B, N, width)."""
        tokens = as_tokens(self.embedding(images))
        for block in self.blocks:
            tokens = block(tokens)
        return self.norm(tokens)
