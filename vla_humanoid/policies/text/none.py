"""No words: for models that are told what is meant by a grounding network."""

from collections.abc import Sequence

import torch

from vla_humanoid.policies.text.encoder import TextEncoder


class NoTokenizer:
    """Makes the same of every sentence."""

    def __call__(self, sentences: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return input_ids (B, 1) int64, all 0, and attention_mask (B, 1) bool, all True."""
        ids = torch.zeros(len(sentences), 1, dtype=torch.int64)
        return ids, torch.ones_like(ids, dtype=torch.bool)


class NoText(TextEncoder):
    """One token that says nothing.

    Args:
        width: of the token.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return a token of zeros, (B, 1, width)."""
        return torch.zeros(len(input_ids), 1, self.width, device=input_ids.device)
