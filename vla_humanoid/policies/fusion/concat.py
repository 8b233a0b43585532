"""Means of what is seen and of what is said beside each token: the simplest fusion there is."""

import torch
from torch import nn

from vla_humanoid.policies.fusion.fusion import Fusion, mean_of_words


class ConcatFusion(Fusion):
    """Lets each of the other tokens know the mean of the images' tokens and of the words.

    Where in the images something is survives only as far as a mean of tokens tells: a baseline.

    Args:
        width: of the tokens.
        vision_width: of the images' tokens.
    """

    def __init__(self, width: int, vision_width: int) -> None:
        super().__init__()
        self.mix = nn.Sequential(
            nn.Linear(2 * width + vision_width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(
        self,
        vision: torch.Tensor,
        text: torch.Tensor,
        text_mask: torch.Tensor,
        others: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the other tokens (B, O, width), fused, and their mask, True everywhere."""
        said = mean_of_words(text, text_mask)
        both = torch.cat([vision.mean(dim=1), said], dim=-1)[:, None]
        tokens = torch.cat([others, both.expand(-1, others.shape[1], -1)], dim=-1)
        mask = text_mask.new_ones(tokens.shape[:2])
        return others + self.mix(tokens), mask
