"""A transformer over all tokens, which know of which modality they are."""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block
from vla_humanoid.policies.fusion.fusion import Fusion

MODALITIES = ("others", "text", "vision")


class TransformerFusion(Fusion):
    """Every token attends to every other one.

    Its time goes with the square of the number of tokens: use few for each image.

    Args:
        width: of the tokens.
        layers: of self-attention.
        heads: of each.
        vision_width: of the images' tokens.
        dropout: of the layers.
    """

    def __init__(
        self, width: int, layers: int, heads: int, vision_width: int, dropout: float
    ) -> None:
        super().__init__()
        self.vision = nn.Linear(vision_width, width)
        self.modality = nn.Parameter(torch.randn(len(MODALITIES), width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads, dropout=dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(
        self,
        vision: torch.Tensor,
        text: torch.Tensor,
        text_mask: torch.Tensor,
        others: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return fused tokens (B, O + L + M, width), and their mask."""
        parts = (others, text, self.vision(vision))
        tokens = torch.cat([part + self.modality[index] for index, part in enumerate(parts)], dim=1)
        batch = len(tokens)
        mask = torch.cat(
            [
                text_mask.new_ones(batch, others.shape[1]),
                text_mask,
                text_mask.new_ones(batch, vision.shape[1]),
            ],
            dim=1,
        )
        for block in self.blocks:
            tokens = block(tokens, mask)
        return self.norm(tokens), mask
