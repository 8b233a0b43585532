"""Actions as bins, each entry of its own (as in RT-1; Brohan, 2022)."""

import torch
from torch import nn
from torch.nn import functional

from vla_humanoid.policies.heads.head import ActionHead, mean_of_entries


class DiscreteHead(ActionHead):
    """Tells how likely each bin of each entry of an action is.

    Args:
        width: of the features.
        action_dim: of the actions.
        bins: of each entry, of equal width between its bounds.
        top_k: most likely ones among which a bin is drawn; 1 to take the most likely.
    """

    low: torch.Tensor
    high: torch.Tensor

    def __init__(self, width: int, action_dim: int, bins: int, top_k: int) -> None:
        super().__init__()
        self.bins, self.top_k, self.action_dim = bins, top_k, action_dim
        self.logits = nn.Linear(width, action_dim * bins)
        self.register_buffer("low", torch.full((action_dim,), -1.0))
        self.register_buffer("high", torch.full((action_dim,), 1.0))

    def set_bounds(self, low: torch.Tensor, high: torch.Tensor) -> None:
        """Learn between which standardized values the entries of an action are, shape (A,) each."""
        self.low.copy_(low)
        self.high.copy_(high)

    def loss(
        self,
        features: torch.Tensor,
        actions: torch.Tensor,
        padding: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
        present: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the cross entropy of each step, shape (B, H); nothing is drawn."""
        share = (actions - self.low) / (self.high - self.low)
        bins = (share * self.bins).long().clamp(0, self.bins - 1)
        logits = self._logits(features).flatten(0, 2)
        each = functional.cross_entropy(logits, bins.flatten(), reduction="none")
        return mean_of_entries(each.view(bins.shape), present)

    def sample(self, features: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        """Return the middles of bins, drawn or the most likely ones, shape (B, H, A)."""
        logits = self._logits(features)
        if generator is None or self.top_k == 1:
            bins = logits.argmax(dim=-1)
        else:
            best, which = logits.topk(self.top_k, dim=-1)
            chances = best.softmax(dim=-1).flatten(0, 2).cpu()
            drawn = torch.multinomial(chances, 1, generator=generator).to(which.device)
            bins = which.gather(-1, drawn.view(*which.shape[:-1], 1))[..., 0]
        return self.low + (bins + 0.5) / self.bins * (self.high - self.low)

    def _logits(self, features: torch.Tensor) -> torch.Tensor:
        return self.logits(features).float().unflatten(-1, (self.action_dim, self.bins))
