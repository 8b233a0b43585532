"""Transformer layers whose queries may look at other tokens (pre-norm; Vaswani, 2017)."""

import torch
from torch import nn


class Attention(nn.Module):
    """Multi-head attention of some tokens to others.

    Args:
        width: of the queries and of what comes out.
        heads: of the attention.
        memory_width: of what is looked at.
    """

    def __init__(self, width: int, heads: int, memory_width: int | None = None) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(memory_width or width, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(
        self, tokens: torch.Tensor, memory: torch.Tensor, mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return what tokens (B, N, width) see of memory (B, M, memory_width).

        Args:
            tokens: that look.
            memory: that is looked at.
            mask: shape (B, M), True where there is something to see; None for everywhere.
        """
        query = self._split(self.query(tokens))
        key, value = map(self._split, self.key_value(memory).chunk(2, dim=-1))
        # Written out: on a CPU the fused kernel's gradient takes three times as long.
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :], -torch.inf)
        seen = scores.softmax(dim=-1).to(value.dtype) @ value
        return self.out(seen.transpose(1, 2).flatten(2))

    def _split(self, tokens: torch.Tensor) -> torch.Tensor:
        return tokens.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class Block(nn.Module):
    """Self-attention, attention to a memory if there is one, and a feed-forward layer.

    Args:
        width: of the tokens.
        heads: of the attentions.
        memory_width: of the tokens of the memory; None if there is none.
        dropout: of what each part adds.
    """

    def __init__(
        self, width: int, heads: int, memory_width: int | None = None, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(width)
        self.self_attention = Attention(width, heads)
        self.cross_norm = None if memory_width is None else nn.LayerNorm(width)
        self.cross_attention = (
            None if memory_width is None else Attention(width, heads, memory_width)
        )
        self.feed_norm = nn.LayerNorm(width)
        self.feed = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        tokens: torch.Tensor,
        mask: torch.Tensor | None = None,
        memory: torch.Tensor | None = None,
        memory_mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the tokens (B, N, width) with what was seen added.

        Args:
            tokens: that look at one another and at the memory.
            mask: shape (B, N), True for tokens that mean something.
            memory: shape (B, M, memory_width).
            memory_mask: shape (B, M), likewise.
        """
        normed = self.self_norm(tokens)
        tokens = tokens + self.dropout(self.self_attention(normed, normed, mask))
        if self.cross_norm is not None and self.cross_attention is not None:
            if memory is None:
                raise ValueError("This block looks at a memory; it was given none.")
            seen = self.cross_attention(self.cross_norm(tokens), memory, memory_mask)
            tokens = tokens + self.dropout(seen)
        return tokens + self.dropout(self.feed(self.feed_norm(tokens)))
