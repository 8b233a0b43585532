"""Text encoders whose weights were learned elsewhere."""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.frozen import held
from vla_humanoid.policies.text.encoder import TextEncoder


class PretrainedText(TextEncoder):
    """A network with pretrained weights, and a small transformer on top that is trained.

    States of every token are used: in a single vector for the sentence, "red" and "blue" or "left"
    and "right" are hardly told apart. The layers on top bring out what matters here.

    Args:
        network: makes states (B, L, network_width) of input_ids and attention_mask.
        network_width: of these.
        config: of the model.
    """

    def __init__(self, network: nn.Module, network_width: int, config: ModelConfig) -> None:
        super().__init__()
        width, heads = config.width, config.attention_heads
        self.backbone = held(network, config.tune_text)
        self.input = nn.Sequential(nn.LayerNorm(network_width), nn.Linear(network_width, width))
        self.blocks = nn.ModuleList(
            Block(width, heads, dropout=config.dropout) for _ in range(config.text_layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return tokens (B, L, width)."""
        tokens = self.input(self.backbone(input_ids, attention_mask))
        for block in self.blocks:
            tokens = block(tokens, attention_mask)
        return self.norm(tokens)
