"""Action queries: one token for each step of a chunk looks at what was fused."""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block


class ActionDecoder(nn.Module):
    """Makes the features of a chunk's steps.

    Args:
        horizon: steps.
        width: of all tokens.
        layers: of attention.
        heads: of each.
        dropout: of the layers.
    """

    def __init__(self, horizon: int, width: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(horizon, width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads, width, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return features (B, horizon, width).

        Args:
            tokens: fused, shape (B, N, width).
            mask: shape (B, N), True for tokens that mean something.
        """
        features = self.queries.expand(len(tokens), -1, -1)
        for block in self.blocks:
            features = block(features, memory=tokens, memory_mask=mask)
        return self.norm(features)
