"""A perceptron over the robot's state and what it is told: for models that need not look or read.

It sees neither images nor words; with a grounding network it need not. Over few numbers it is many
times as fast as a transformer, so that it can be trained on millions of samples on a CPU.
"""

from itertools import pairwise

import torch
from torch import nn

from vla_humanoid.policies.fusion.fusion import Fusion


class MlpFusion(Fusion):
    """Layers over all the other tokens at once.

    Args:
        width: of the tokens.
        others: number of other tokens.
        layers: of the perceptron.
        hidden: width of each.
        latents: tokens that come out.
        dropout: of each layer.
    """

    def __init__(
        self,
        width: int,
        others: int,
        layers: int,
        hidden: int,
        latents: int,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        sizes = [others * width, *[hidden] * layers]
        stack: list[nn.Module] = []
        for low, high in pairwise(sizes):
            stack += [nn.Linear(low, high), nn.Sequential(nn.GELU(), nn.Dropout(dropout))]
        self.layers = nn.Sequential(*stack, nn.Linear(sizes[-1], latents * width))
        self._latents = latents

    def forward(
        self,
        vision: torch.Tensor,
        text: torch.Tensor,
        text_mask: torch.Tensor,
        others: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the latents (B, latents, width), and their mask, True everywhere."""
        tokens = self.layers(others.flatten(1)).unflatten(1, (self._latents, -1))
        return tokens, text_mask.new_ones(tokens.shape[:2])
