"""ACT's conditional variational autoencoder (Zhao, 2023), as a head.

In training a style is read from the demonstrated actions, so that demonstrations that differ for no
visible reason need not be averaged; when acting the style is 0. Unlike in ACT, where the style is a
token beside the images', here the steps of the chunk attend to it once they have seen the rest.
"""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block
from vla_humanoid.policies.heads.head import ActionHead, mean_of_entries, normal_like


class StyleEncoder(nn.Module):
    """Reads the distribution of the style from a chunk; used in training only.

    Args:
        width: of its tokens.
        action_dim: of the actions.
        layers: of self-attention.
        heads: of each.
        style_width: of the style.
    """

    def __init__(
        self, width: int, action_dim: int, layers: int, heads: int, style_width: int
    ) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.randn(1, width) * 0.02)
        self.action = nn.Linear(action_dim, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, 2 * style_width)

    def forward(
        self, features: torch.Tensor, actions: torch.Tensor, padding: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return mean and log variance of the style, shape (B, style width) each.

        Args:
            features: shape (B, H, width); what the robot sees is not to be learned from here.
            actions: shape (B, H, A).
            padding: shape (B, H), True for actions that are none.
        """
        query = self.query.expand(len(actions), -1, -1)
        tokens = torch.cat([query, self.action(actions) + features.detach()], dim=1)
        mask = None
        if padding is not None:
            mask = torch.cat([padding.new_ones(len(padding), 1), ~padding], dim=1)
        for block in self.blocks:
            tokens = block(tokens, mask)
        mean, log_variance = self.out(self.norm(tokens[:, 0])).float().chunk(2, dim=-1)
        return mean, log_variance


class CvaeHead(ActionHead):
    """Actions given a style.

    Args:
        width: of the features.
        action_dim: of the actions.
        layers: of attention, of the style encoder and of the decoder each.
        heads: of each.
        style_width: of the style.
        style_weight: of the divergence of the style from the normal distribution.
    """

    def __init__(
        self,
        width: int,
        action_dim: int,
        layers: int,
        heads: int,
        style_width: int,
        style_weight: float,
    ) -> None:
        super().__init__()
        self.style_width, self.style_weight = style_width, style_weight
        self.encoder = StyleEncoder(width, action_dim, layers, heads, style_width)
        self.style = nn.Linear(style_width, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, action_dim)

    def loss(
        self,
        features: torch.Tensor,
        actions: torch.Tensor,
        padding: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
        present: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the size of the error and the style's divergence, of a style that is drawn."""
        mean, log_variance = self.encoder(features, actions, padding)
        style = mean + normal_like(mean, generator) * (0.5 * log_variance).exp()
        error = mean_of_entries((self._actions(features, style) - actions).abs(), present)
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).sum(dim=-1)
        return error + self.style_weight * divergence[:, None]

    def sample(self, features: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        """Return standardized actions of the style 0, shape (B, H, A); nothing is drawn."""
        return self._actions(features, features.new_zeros(len(features), self.style_width))

    def _actions(self, features: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        tokens = torch.cat([self.style(style)[:, None].to(features.dtype), features], dim=1)
        for block in self.blocks:
            tokens = block(tokens)
        return self.out(self.norm(tokens[:, 1:])).float()
