"""A model and its losses in one module, so that processes can share its gradient."""

import torch
from torch import nn

from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.batches import Seen
from vla_humanoid.training.losses import Losses, Truth, losses


class Objective(nn.Module):
    """What is minimized.

    Args:
        model: that is trained.
        precision: "bfloat16" for what the model computes, or "float32".
    """

    def __init__(self, model: PolicyModel, precision: str) -> None:
        super().__init__()
        self.model = model
        self._bfloat16 = precision == "bfloat16"

    def forward(self, seen: Seen, truth: Truth) -> Losses:
        """Return the losses of a batch."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            output = self.model(seen.images, seen.state, seen.sentences, seen.named, seen.felt)
        return losses(self.model, output, truth, shared=True)
