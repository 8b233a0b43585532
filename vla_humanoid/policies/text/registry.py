"""Text encoders and their tokenizers by name. A new one is an entry in this table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import chosen
from vla_humanoid.policies.text.encoder import TextEncoder, Tokenizer
from vla_humanoid.policies.text.hugging_face import (
    PREFIX,
    hugging_face_text,
    hugging_face_tokenizer,
)
from vla_humanoid.policies.text.minilm import MiniLm, minilm_tokenizer
from vla_humanoid.policies.text.none import NoText, NoTokenizer
from vla_humanoid.policies.text.task_id import TaskEmbedding, TaskTokenizer, task_vocabulary
from vla_humanoid.policies.text.tokenizer import WordTokenizer, vocabulary
from vla_humanoid.policies.text.transformer import TextTransformer


def _none(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return no vocabulary: the tokenizer brings its own."""
    return ()


@dataclass(frozen=True)
class TextKind:
    """What belongs to a text encoder.

    Args:
        encoder: makes a new one.
        tokenizer: makes its tokenizer.
        vocabulary: makes what the tokenizer is to know of the sentences of a dataset.
    """

    encoder: Callable[[ModelConfig], TextEncoder]
    tokenizer: Callable[[ModelConfig], Tokenizer]
    vocabulary: Callable[[Iterable[str]], tuple[str, ...]] = _none


def _transformer(config: ModelConfig) -> TextTransformer:
    return TextTransformer(
        len(config.vocabulary),
        config.width,
        config.text_layers,
        config.attention_heads,
        config.max_tokens,
        config.dropout,
    )


TEXT_ENCODERS: Mapping[str, TextKind] = {
    "transformer": TextKind(
        _transformer, lambda config: WordTokenizer(config.vocabulary, config.max_tokens), vocabulary
    ),
    "task_id": TextKind(
        lambda config: TaskEmbedding(len(config.vocabulary), config.width),
        lambda config: TaskTokenizer(config.vocabulary),
        task_vocabulary,
    ),
    "none": TextKind(lambda config: NoText(config.width), lambda config: NoTokenizer()),
    "minilm": TextKind(MiniLm, minilm_tokenizer),
}


def text_kind(name: str) -> TextKind:
    """Return what belongs to a text encoder.

    Args:
        name: of it, or ``hf:`` and a folder or a name on the hub.

    Raises:
        ModelError: if there is none of this name.
    """
    if name.startswith(PREFIX):
        path = name.removeprefix(PREFIX)
        return TextKind(
            lambda config: hugging_face_text(path, config),
            lambda config: hugging_face_tokenizer(path, config),
        )
    return chosen("text encoder", TEXT_ENCODERS, name, f"{PREFIX}PATH")
