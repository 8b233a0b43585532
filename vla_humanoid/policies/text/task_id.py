"""Sentences as they are, each a number of its own: for models that know a few tasks by heart."""

from collections.abc import Iterable, Sequence

import torch
from torch import nn

from vla_humanoid.policies.text.encoder import TextEncoder
from vla_humanoid.policies.text.tokenizer import SPECIAL, UNKNOWN, require_vocabulary, words


def task_vocabulary(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return what a `TaskTokenizer` for some sentences knows, in a fixed order."""
    return (*SPECIAL, *sorted({_normal(sentence) for sentence in sentences}))


class TaskTokenizer:
    """One token for each sentence; those that are not known share one.

    Args:
        known: the vocabulary, from `task_vocabulary`.

    Raises:
        ModelError: if the vocabulary is none.
    """

    def __init__(self, known: Sequence[str]) -> None:
        require_vocabulary(known)
        self._index = {task: index for index, task in enumerate(known)}

    def __call__(self, sentences: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return input_ids (B, 1) int64 and attention_mask (B, 1) bool, all True."""
        unknown = self._index[UNKNOWN]
        ids = torch.tensor([[self._index.get(_normal(one), unknown)] for one in sentences])
        return ids, torch.ones_like(ids, dtype=torch.bool)


class TaskEmbedding(TextEncoder):
    """A vector for each task.

    Args:
        tasks: in the vocabulary.
        width: of the tokens.
    """

    def __init__(self, tasks: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tasks, width)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return tokens (B, 1, width)."""
        return self.embedding(input_ids)


def _normal(sentence: str) -> str:
    return " ".join(words(sentence))
