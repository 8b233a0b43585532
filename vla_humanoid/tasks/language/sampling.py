"""From a meaning to an instruction: one sentence and others that say the same."""

from collections.abc import Mapping

import numpy as np

from vla_humanoid.tasks.core.task import Instruction
from vla_humanoid.tasks.language.grammar import Grammar, ValueT

MAX_PARAPHRASES = 8


def sample_instruction(
    grammar: Grammar[ValueT], meaning: Mapping[str, ValueT], rng: np.random.Generator
) -> Instruction:
    """Put a meaning into words: one sentence and up to `MAX_PARAPHRASES` others."""
    sentences = grammar.sample(meaning, rng, 1 + MAX_PARAPHRASES)
    text, *paraphrases = sentences
    return Instruction(text, tuple(paraphrases), tuple((made,) for made in sentences.values()))
