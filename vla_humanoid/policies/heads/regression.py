"""One action for each step: the median of what was demonstrated (L1 loss)."""

import torch
from torch import nn


class RegressionHead(nn.Module):
    """A linear map from features to actions.

    Args:
        width: of the features.
        action_dim: of the actions.
    """

    def __init__(self, width: int, action_dim: int) -> None:
        super().__init__()
        self.out = nn.Linear(width, action_dim)

    def loss(self, features: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        """Return the loss of each step, shape (B, H).

        Args:
            features: shape (B, H, width).
            actions: demonstrated and standardized, shape (B, H, action dim).
        """
        return (self.out(features).float() - actions).abs().mean(dim=-1)

    def sample(self, features: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        """Return standardized actions, shape (B, H, action dim); nothing is drawn."""
        return self.out(features).float()
