"""Means and deviations by which states and actions are standardized, as a part of a model."""

from collections.abc import Sequence

import torch
from torch import nn

LEAST_DEVIATION = 1e-2
"""Of a normalized action or of a state: what varies less is as good as constant."""


class Standardization(nn.Module):
    """Takes vectors to mean 0 and deviation 1, entry by entry, and back.

    Args:
        mean: of each entry.
        deviation: likewise; small ones are raised to `LEAST_DEVIATION`.
    """

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, mean: Sequence[float], deviation: Sequence[float]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        spread = torch.tensor(deviation, dtype=torch.float32).clamp(min=LEAST_DEVIATION)
        self.register_buffer("deviation", spread)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return standardized values, shape (..., n)."""
        return (values - self.mean) / self.deviation

    def inverse(self, standardized: torch.Tensor) -> torch.Tensor:
        """Return the values, shape (..., n)."""
        return standardized * self.deviation + self.mean
