"""From what was fused to the features of a chunk's steps."""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import ModelError


class QueryDecoder(nn.Module):
    """Action queries: one token for each step of a chunk looks at what was fused.

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


class FlatDecoder(nn.Module):
    """One layer reads all tokens at once, and makes the features of all steps.

    Args:
        horizon: steps.
        width: of all tokens.
        tokens: how many there are, which is always the same.
    """

    def __init__(self, horizon: int, width: int, tokens: int) -> None:
        super().__init__()
        self.layer = nn.Linear(tokens * width, horizon * width)
        self._horizon = horizon

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return features (B, horizon, width).

        Args:
            tokens: fused, shape (B, N, width).
            mask: not looked at: all tokens mean something.
        """
        features = nn.functional.gelu(self.layer(nn.functional.gelu(tokens.flatten(1))))
        return features.unflatten(1, (self._horizon, -1)).float()  # As heads take them.


def make_decoder(config: ModelConfig) -> nn.Module:
    """Return a new decoder: "queries", or "flat" where the fusion is "mlp".

    Raises:
        ModelError: if there is none of this name, or it does not fit the fusion.
    """
    if config.decoder == "queries":
        return QueryDecoder(
            config.horizon,
            config.width,
            config.decoder_layers,
            config.attention_heads,
            config.dropout,
        )
    if config.decoder != "flat":
        raise ModelError(f"There is no decoder {config.decoder!r}. There are: queries, flat.")
    if config.fusion != "mlp":
        raise ModelError(f"Decoder flat reads the tokens of fusion mlp, not of {config.fusion}.")
    return FlatDecoder(config.horizon, config.width, config.latents)
