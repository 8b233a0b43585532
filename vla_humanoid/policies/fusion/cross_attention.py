"""A few tokens look at all images while they hear the words (as in Perceiver IO; Jaegle, 2022)."""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block
from vla_humanoid.policies.fusion.fusion import Fusion


class CrossAttentionFusion(Fusion):
    """Latent tokens attend to one another, to the words and the state, and to the images.

    Args:
        width: of the tokens.
        layers: each attends to all of them once.
        heads: of every attention.
        latents: tokens that look at the images, besides those of words and state.
        vision_width: of the images' tokens.
        dropout: of the layers.
    """

    def __init__(
        self, width: int, layers: int, heads: int, latents: int, vision_width: int, dropout: float
    ) -> None:
        super().__init__()
        self.latents = nn.Parameter(torch.randn(latents, width) * 0.02)
        self.blocks = nn.ModuleList(
            Block(width, heads, vision_width, dropout) for _ in range(layers)
        )

    def forward(
        self,
        vision: torch.Tensor,
        text: torch.Tensor,
        text_mask: torch.Tensor,
        others: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return fused tokens (B, N, width), of which ``others`` are the first, and their mask."""
        batch = len(vision)
        latents = self.latents.expand(batch, -1, -1)
        tokens = torch.cat([others, latents, text], dim=1)
        always = text_mask.new_ones(batch, others.shape[1] + latents.shape[1])
        mask = torch.cat([always, text_mask], dim=1)
        for block in self.blocks:
            tokens = block(tokens, mask, vision)
        return tokens, mask
