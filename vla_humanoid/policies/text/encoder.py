"""What text encoders and tokenizers have in common."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import nn


class Tokenizer(Protocol):
    """Makes numbers of sentences."""

    def __call__(self, sentences: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return input_ids (B, L) int64 and attention_mask (B, L) bool, True for words.

        Raises:
            TooLongError: if a sentence is longer than the model takes.
        """
        ...


class TextEncoder(nn.Module):
    """Makes tokens of a sentence."""

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return tokens (B, L, the model's width); those of padding mean nothing.

        Args:
            input_ids: shape (B, L), int64.
            attention_mask: shape (B, L), True for words. What padding holds changes nothing.
        """
        raise NotImplementedError
