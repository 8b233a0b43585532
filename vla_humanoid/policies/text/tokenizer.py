"""Words to numbers, with a vocabulary of the sentences that a model was trained on."""

import re
from collections.abc import Iterable, Sequence

import torch

PADDING, UNKNOWN, BEGIN = "<pad>", "<unk>", "<s>"
SPECIAL = (PADDING, UNKNOWN, BEGIN)
_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


class TooLongError(ValueError):
    """A sentence has more words than the model takes."""


def words(sentence: str) -> list[str]:
    """Return the words, numbers and punctuation of a sentence, in lower case."""
    return _WORD.findall(sentence.lower())


def vocabulary(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return what a tokenizer for some sentences knows, in a fixed order."""
    return (*SPECIAL, *sorted({word for sentence in sentences for word in words(sentence)}))


class WordTokenizer:
    """One token for each word.

    Args:
        known: the vocabulary, from `vocabulary`.
        max_tokens: of a sentence, the token of its beginning counted.
    """

    def __init__(self, known: Sequence[str], max_tokens: int) -> None:
        self._index = {word: index for index, word in enumerate(known)}
        self.max_tokens = max_tokens

    def __call__(self, sentences: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return input_ids (B, L) int64 and attention_mask (B, L) bool, True for words.

        Raises:
            TooLongError: if a sentence is longer than the model takes.
        """
        rows = [[self._index[BEGIN], *map(self._id, words(one))] for one in sentences]
        for sentence, row in zip(sentences, rows, strict=True):
            if len(row) > self.max_tokens:
                raise TooLongError(
                    f"The sentence has {len(row) - 1} words; the model takes "
                    f"{self.max_tokens - 1}: {sentence[:120]!r}"
                )
        length = max(map(len, rows))
        ids = torch.full((len(rows), length), self._index[PADDING], dtype=torch.int64)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = torch.tensor(row)
        return ids, ids != self._index[PADDING]

    def _id(self, word: str) -> int:
        return self._index.get(word, self._index[UNKNOWN])
