"""TokenLearner: a few tokens that each gather from where a learned map says (Ryoo, 2021)."""

import torch
from torch import nn


class TokenLearner(nn.Module):
    """Reduces the tokens of an image to a few.

    Args:
        width: of the tokens.
        count: of those that come out.
    """

    def __init__(self, width: int, count: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.maps = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, count))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return tokens (B, count, width).

        Args:
            tokens: shape (B, N, width).
        """
        weights = self.maps(self.norm(tokens)).softmax(dim=1)
        return weights.transpose(1, 2).to(tokens.dtype) @ tokens
