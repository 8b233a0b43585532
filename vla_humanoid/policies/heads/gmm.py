"""A mixture of normal distributions over whole chunks (as Mandlekar, 2021, over single actions)."""

import math

import torch
from torch import nn

from vla_humanoid.policies.heads.head import ActionHead

LEAST_DEVIATION = 0.05
"""Of standardized actions: a narrower mode could be as likely as it likes."""


class GaussianMixtureHead(ActionHead):
    """Several ways to act out a chunk, each with its probability.

    A chunk is of one mode from its first to its last step, so that it does not waver between them.

    Args:
        width: of the features.
        action_dim: of the actions.
        modes: of the mixture.
    """

    def __init__(self, width: int, action_dim: int, modes: int) -> None:
        super().__init__()
        self.modes, self.action_dim = modes, action_dim
        self.mean = nn.Linear(width, modes * action_dim)
        self.spread = nn.Linear(width, modes * action_dim)
        self.weight = nn.Linear(width, modes)

    def loss(
        self,
        features: torch.Tensor,
        actions: torch.Tensor,
        padding: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
        present: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the negative log likelihood of a chunk, spread evenly over its steps, (B, H).

        It is divided by the number of the entries of an action that are present; nothing is drawn.
        """
        there = (
            torch.ones_like(actions[..., 0]) if padding is None else (~padding).to(actions.dtype)
        )
        mean, spread, weight = self._modes(features)
        scaled = (actions[:, None] - mean) / spread
        entries = -0.5 * scaled.square() - spread.log() - 0.5 * math.log(2.0 * math.pi)
        known = torch.ones_like(actions[:, 0]) if present is None else present.to(actions.dtype)
        steps = (entries * known[:, None, None]).sum(dim=-1)
        chunk = torch.logsumexp(weight + (steps * there[:, None]).sum(dim=-1), dim=-1)
        share = chunk / (there.sum(dim=-1) * known.sum(dim=-1)).clamp(min=1.0)
        return -share[:, None].expand_as(there)

    def sample(self, features: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        """Return the mean of a mode that is drawn, or of the most likely one, (B, H, A)."""
        mean, _, weight = self._modes(features)
        if generator is None:
            mode = weight.argmax(dim=-1)
        else:
            mode = torch.multinomial(weight.exp().cpu(), 1, generator=generator)[:, 0]
        return mean[torch.arange(len(mean)), mode.to(mean.device)]

    def _modes(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return means and deviations (B, K, H, A), and log probabilities (B, K)."""
        shape = (self.modes, self.action_dim)
        mean = self.mean(features).float().unflatten(-1, shape).transpose(1, 2)
        raw = self.spread(features).float().unflatten(-1, shape).transpose(1, 2)
        weight = self.weight(features.mean(dim=1)).float().log_softmax(dim=-1)
        return mean, nn.functional.softplus(raw) + LEAST_DEVIATION, weight
