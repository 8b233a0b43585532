"""Sentences for "stand still", and a parser that recognizes them."""

import numpy as np

from vla_humanoid.tasks.core.task import Instruction
from vla_humanoid.tasks.language.grammar import Grammar
from vla_humanoid.tasks.language.sampling import sample_instruction

TEMPLATES = (
    "stand still",
    "just stand still",
    "keep still",
    "stay put",
    "stay where you are",
    "stay on your feet and do not walk",
    "do not move from the spot",
    "don't walk away",
    "hold your position",
    "hold still and keep your balance",
    "keep standing",
    "keep standing right there",
    "remain where you are",
    "keep your balance, whatever pushes you",
    "now stand still",
    "please stand still",
    "please stay where you are",
    "stay in place, please",
    "could you stand still?",
    "can you hold your position?",
    "would you mind standing still?",
    "I want you to stand still",
    "I would like you to stay where you are",
    "your task is to keep standing in place",
)

GRAMMAR: Grammar[str] = Grammar(TEMPLATES, {})


def instruct(rng: np.random.Generator) -> Instruction:
    """Put into words that the robot is to stand still."""
    return sample_instruction(GRAMMAR, {}, rng)


def parse(sentence: str) -> None:
    """Do nothing for a sentence that asks the robot to stand still.

    Raises:
        ValueError: if it does not.
    """
    GRAMMAR.parse(sentence)
