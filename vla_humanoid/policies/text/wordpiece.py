"""BERT's tokenizer: words, and parts of those that it does not know (Wu, 2016)."""

import unicodedata
from collections.abc import Sequence

import torch

from vla_humanoid.policies.text.tokenizer import padded, require_short

BEGIN, END, PADDING, UNKNOWN = "[CLS]", "[SEP]", "[PAD]", "[UNK]"
LONGEST_WORD = 100
"""Letters; a longer one is not known."""


class WordPieceTokenizer:
    """Tokens for words in lower case and without accents.

    Args:
        known: the vocabulary, by number; parts that go on with a word begin with ``##``.
        max_tokens: of a sentence, its beginning and end counted.
    """

    def __init__(self, known: Sequence[str], max_tokens: int) -> None:
        self._index = {piece: index for index, piece in enumerate(known)}
        self.max_tokens = max_tokens

    def __call__(self, sentences: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return input_ids (B, L) int64 and attention_mask (B, L) bool, True for words.

        Raises:
            TooLongError: if a sentence is longer than the model takes.
        """
        rows: list[list[int]] = []
        for sentence in sentences:
            pieces = [piece for word in _words(sentence) for piece in self._pieces(word)]
            require_short(sentence, len(pieces), self.max_tokens - 2)
            rows.append([self._index[piece] for piece in (BEGIN, *pieces, END)])
        return padded(rows, self._index[PADDING])

    def _pieces(self, word: str) -> list[str]:
        """Return the longest known parts of a word, from its beginning."""
        pieces: list[str] = []
        start = 0
        while start < len(word) <= LONGEST_WORD:
            prefix = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((one for one in ends if prefix + word[start:one] in self._index), None)
            if end is None:
                return [UNKNOWN]
            pieces.append(prefix + word[start:end])
            start = end
        return pieces or [UNKNOWN]


def _words(sentence: str) -> list[str]:
    """Return words and marks, in lower case and without accents."""
    plain = "".join(
        one
        for one in unicodedata.normalize("NFD", sentence.lower())
        if unicodedata.category(one) != "Mn"
    )
    apart = "".join(f" {one} " if _is_mark(one) else one for one in plain)
    return "".join(one for one in apart if one.isspace() or one.isprintable()).split()


def _is_mark(one: str) -> bool:
    """Tell whether a character is a word of its own: punctuation, or Chinese."""
    category = unicodedata.category(one)
    symbol = one.isascii() and one.isprintable() and not one.isalnum() and one != " "
    return symbol or category.startswith("P") or "\u4e00" <= one <= "\u9fff"
