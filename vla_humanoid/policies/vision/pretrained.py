"""Vision encoders whose weights were learned elsewhere."""

import torch
from torch import nn

from vla_humanoid.policies.frozen import held
from vla_humanoid.policies.vision.encoder import VisionEncoder


class PretrainedVision(VisionEncoder):
    """A network with pretrained weights, and a linear map of its tokens that is trained.

    The sentence does not change what is seen, so that features of a frozen network can be kept.

    Args:
        network: makes tokens (B, N, network_width) of images.
        network_width: of these.
        width: of the encoder's tokens.
        tuned: train the network further; else it is frozen.
    """

    def __init__(self, network: nn.Module, network_width: int, width: int, tuned: bool) -> None:
        super().__init__(width)
        self.backbone = held(network, tuned)
        self.norm = nn.LayerNorm(network_width)
        self.out = nn.Linear(network_width, width)

    def forward(self, images: torch.Tensor, sentence: torch.Tensor) -> torch.Tensor:
        """Return tokens (B, N, width)."""
        return self.out(self.norm(self.backbone(images)))
