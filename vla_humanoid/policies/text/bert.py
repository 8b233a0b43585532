"""BERT's encoder (Devlin, 2019), as small as all-MiniLM-L6-v2 needs it."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from vla_humanoid.policies.attention import Attention

NORM_EPSILON = 1e-12


@dataclass(frozen=True)
class BertSize:
    """Sizes of the network.

    Args:
        words: of the vocabulary.
        width: of the states.
        layers: of attention.
        heads: of each.
        positions: most tokens of a sentence.
    """

    words: int
    width: int
    layers: int
    heads: int
    positions: int


class BertLayer(nn.Module):
    """Self-attention and a feed-forward layer, each with its norm behind it.

    Args:
        width: of the states.
        heads: of the attention.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = Attention(width, heads)
        self.attention_norm = nn.LayerNorm(width, NORM_EPSILON)
        self.feed = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        self.feed_norm = nn.LayerNorm(width, NORM_EPSILON)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return states of the same shape (B, L, width); mask is (B, L)."""
        states = self.attention_norm(states + self.attention(states, states, mask))
        return self.feed_norm(states + self.feed(states))


class Bert(nn.Module):
    """States of every token of a sentence.

    Args:
        size: of the network.
    """

    def __init__(self, size: BertSize) -> None:
        super().__init__()
        self.words = nn.Embedding(size.words, size.width)
        self.positions = nn.Parameter(torch.zeros(size.positions, size.width))
        self.norm = nn.LayerNorm(size.width, NORM_EPSILON)
        self.layers = nn.ModuleList(BertLayer(size.width, size.heads) for _ in range(size.layers))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return states (B, L, width).

        Args:
            input_ids: shape (B, L), int64.
            attention_mask: shape (B, L), True for words.
        """
        states = self.norm(self.words(input_ids) + self.positions[: input_ids.shape[1]])
        for layer in self.layers:
            states = layer(states, attention_mask)
        return states


_LAYER_PARTS = {
    "attention.out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "attention.query": "attention.self.query",
    "feed.0": "intermediate.dense",
    "feed.2": "output.dense",
    "feed_norm": "output.LayerNorm",
}


def renamed(weights: Mapping[str, torch.Tensor], layers: int) -> dict[str, torch.Tensor]:
    """Return published weights under the names of `Bert`.

    Args:
        weights: as Hugging Face's library names them.
        layers: of the network.

    Raises:
        KeyError: if one is missing.
    """
    kind = weights["embeddings.token_type_embeddings.weight"][0]  # There is one sentence only.
    ours = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "positions": weights["embeddings.position_embeddings.weight"] + kind,
    }
    for entry in ("weight", "bias"):
        ours[f"norm.{entry}"] = weights[f"embeddings.LayerNorm.{entry}"]
        for index in range(layers):
            here, there = f"layers.{index}", f"encoder.layer.{index}"
            for part, name in _LAYER_PARTS.items():
                ours[f"{here}.{part}.{entry}"] = weights[f"{there}.{name}.{entry}"]
            key, value = (weights[f"{there}.attention.self.{one}.{entry}"] for one in _KEY_VALUE)
            ours[f"{here}.attention.key_value.{entry}"] = torch.cat([key, value])
    return ours


_KEY_VALUE = ("key", "value")
