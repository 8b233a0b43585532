"""Words to numbers, with a vocabulary of the sentences that a model was trained on."""

import re
from collections.abc import Iterable, Sequence

import torch

from vla_humanoid.policies.errors import InputError, ModelError

PADDING, UNKNOWN, BEGIN = "<pad>", "<unk>", "<s>"
SPECIAL = (PADDING, UNKNOWN, BEGIN)
_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


class TooLongError(InputError):
    """A sentence has more words than the model takes."""


def words(sentence: str) -> list[str]:
    """Return the words, numbers and punctuation of a sentence, in lower case."""
    return _WORD.findall(sentence.lower())


def vocabulary(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return what a tokenizer for some sentences knows, in a fixed order."""
    return (*SPECIAL, *sorted({word for sentence in sentences for word in words(sentence)}))


def require_vocabulary(known: Sequence[str]) -> None:
    """Check that a vocabulary begins with the special tokens.

    Raises:
        ModelError: if it does not.
    """
    if tuple(known[: len(SPECIAL)]) != SPECIAL:
        raise ModelError(
            f"The vocabulary begins with {', '.join(known[:3]) or 'nothing'}, not with "
            f"{', '.join(SPECIAL)}: make it of the sentences, by with_vocabulary."
        )


def padded(rows: Sequence[Sequence[int]], padding: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows of numbers as input_ids (B, L) int64, and attention_mask (B, L) bool."""
    length = max(map(len, rows))
    ids = torch.full((len(rows), length), padding, dtype=torch.int64)
    mask = torch.zeros(len(rows), length, dtype=torch.bool)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        mask[index, : len(row)] = True
    return ids, mask


def require_short(sentence: str, length: int, most: int) -> None:
    """Check that a sentence is not longer than a model takes.

    Args:
        sentence: for the message.
        length: of it, in tokens.
        most: likewise.

    Raises:
        TooLongError: if it is longer.
    """
    if length > most:
        raise TooLongError(
            f"The sentence has {length} words or parts of words; the model takes {most}: "
            f"{sentence[:120]!r}"
        )


class WordTokenizer:
    """One token for each word.

    Args:
        known: the vocabulary, from `vocabulary`.
        max_tokens: of a sentence, the token of its beginning counted.

    Raises:
        ModelError: if the vocabulary is none.
    """

    def __init__(self, known: Sequence[str], max_tokens: int) -> None:
        require_vocabulary(known)
        self._index = {word: index for index, word in enumerate(known)}
        self.max_tokens = max_tokens

    def __call__(self, sentences: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return input_ids (B, L) int64 and attention_mask (B, L) bool, True for words.

        Raises:
            TooLongError: if a sentence is longer than the model takes.
        """
        rows = [[self._index[BEGIN], *map(self._id, words(one))] for one in sentences]
        for sentence, row in zip(sentences, rows, strict=True):
            require_short(sentence, len(row) - 1, self.max_tokens - 1)
        return padded(rows, self._index[PADDING])

    def _id(self, word: str) -> int:
        return self._index.get(word, self._index[UNKNOWN])
