"""What vision encoders have in common."""

import torch
from torch import nn


class VisionEncoder(nn.Module):
    """Makes tokens of an image, which may depend on the sentence.

    Args:
        width: of the tokens.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def forward(self, images: torch.Tensor, sentence: torch.Tensor) -> torch.Tensor:
        """Return tokens that know where in the image they are, (B, N, width).

        Args:
            images: shape (B, 3, height, width), each value about in [-2, 2].
            sentence: mean of its tokens, shape (B, the model's width).
        """
        raise NotImplementedError
