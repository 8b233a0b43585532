"""What fusions have in common."""

import torch
from torch import nn


class Fusion(nn.Module):
    """Brings tokens of images, words and the robot's state together."""

    def forward(
        self,
        vision: torch.Tensor,
        text: torch.Tensor,
        text_mask: torch.Tensor,
        others: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return fused tokens (B, N, width), of which ``others`` are the first, and their mask.

        Args:
            vision: tokens of the images, shape (B, M, vision_width).
            text: tokens of the sentence, shape (B, L, width).
            text_mask: shape (B, L), True for words.
            others: tokens of the state and of what is asked, shape (B, O, width).
        """
        raise NotImplementedError


def mean_of_words(text: torch.Tensor, text_mask: torch.Tensor) -> torch.Tensor:
    """Return the mean of the words' tokens, shape (B, width).

    Args:
        text: shape (B, L, width).
        text_mask: shape (B, L), True for words.
    """
    weights = text_mask[..., None].to(text.dtype)
    return (text * weights).sum(dim=1) / weights.sum(dim=1)
