"""Any text model of Hugging Face's library, from a folder or the hub: T5, BERT, CLIP, Llama."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import nn

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.hugging_face import PREFIX, load_model, load_tokenizer, width_of
from vla_humanoid.policies.text.pretrained import PretrainedText
from vla_humanoid.policies.text.tokenizer import padded, require_short

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["PREFIX", "HuggingFaceText", "HuggingFaceTokenizer", "hugging_face_text"]


class HuggingFaceText(nn.Module):
    """The part of a model that reads: the encoder of one that writes as well.

    Args:
        model: of the library.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        if getattr(model.config, "is_encoder_decoder", False):
            self.model = model.get_submodule("encoder")
        else:
            self.model = getattr(model, "text_model", model)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return states (B, L, the model's width).

        Args:
            input_ids: shape (B, L), int64.
            attention_mask: shape (B, L), True for words.
        """
        # What padding holds may be no token of the model's, and must not matter in any case.
        ids = input_ids * attention_mask
        return self.model(input_ids=ids, attention_mask=attention_mask.long()).last_hidden_state


class HuggingFaceTokenizer:
    """The tokenizer that is saved with a model.

    Args:
        tokenizer: of the library.
        max_tokens: of a sentence, its beginning and end counted.
    """

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens

    def __call__(self, sentences: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return input_ids (B, L) int64 and attention_mask (B, L) bool, True for words.

        Raises:
            TooLongError: if a sentence is longer than the model takes.
        """
        rows: list[list[int]] = []
        for sentence in sentences:
            row = [int(one) for one in self._tokenizer(sentence)["input_ids"]]
            require_short(sentence, len(row), self.max_tokens)
            rows.append(row)
        return padded(rows, 0)


def hugging_face_text(path: str, config: ModelConfig) -> PretrainedText:
    """Return the text encoder of a model.

    Args:
        path: folder with ``config.json`` and safetensors, or name on the hub.
        config: of the model that it becomes a part of.

    Raises:
        ModelError: if it cannot be loaded, or the extra is missing.
    """
    network = HuggingFaceText(load_model(path))
    return PretrainedText(network, width_of(network.model), config)


def hugging_face_tokenizer(path: str, config: ModelConfig) -> HuggingFaceTokenizer:
    """Return the tokenizer of a model.

    Raises:
        ModelError: if it cannot be loaded, or the extra is missing.
    """
    return HuggingFaceTokenizer(load_tokenizer(path), config.max_tokens)
