"""A small transformer over words, trained with the rest of the model."""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block
from vla_humanoid.policies.text.encoder import TextEncoder
from vla_humanoid.policies.text.tokenizer import SPECIAL


class TextTransformer(TextEncoder):
    """Words that know of one another.

    Args:
        words: in the vocabulary.
        width: of the tokens.
        layers: of self-attention.
        heads: of each.
        max_tokens: of a sentence.
        dropout: of the layers.
    """

    def __init__(
        self, words: int, width: int, layers: int, heads: int, max_tokens: int, dropout: float
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, width, padding_idx=SPECIAL.index("<pad>"))
        self.position = nn.Parameter(torch.randn(max_tokens, width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads, dropout=dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return tokens (B, L, width).

        Args:
            input_ids: shape (B, L), int64.
            attention_mask: shape (B, L), True for words.
        """
        tokens = self.embedding(input_ids) + self.position[: input_ids.shape[1]]
        for block in self.blocks:
            tokens = block(tokens, attention_mask)
        return self.norm(tokens)
