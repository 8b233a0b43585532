"""One action for each step: the median or the mean of what was demonstrated."""

import torch
from torch import nn

from vla_humanoid.policies.heads.head import ActionHead, mean_of_entries


class RegressionHead(ActionHead):
    """A linear map from features to actions.

    Args:
        width: of the features.
        action_dim: of the actions.
        squared: minimize the square of the error (L2), which gives the mean, instead of its size
            (L1), which gives the median.
    """

    def __init__(self, width: int, action_dim: int, squared: bool = False) -> None:
        super().__init__()
        self.out = nn.Linear(width, action_dim)
        self._squared = squared

    def loss(
        self,
        features: torch.Tensor,
        actions: torch.Tensor,
        padding: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
        present: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the loss of each step, shape (B, H); nothing is drawn."""
        error = self.out(features).float() - actions
        return mean_of_entries(error.square() if self._squared else error.abs(), present)

    def sample(self, features: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        """Return standardized actions, shape (B, H, A); nothing is drawn."""
        return self.out(features).float()
