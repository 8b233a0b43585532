"""What every instruction keeps to, so that it fits a `gymnasium.spaces.Text`."""

import string

INSTRUCTION_MAX_LENGTH = 240
"""Largest number of characters in an instruction."""

INSTRUCTION_CHARSET: frozenset[str] = frozenset(string.ascii_letters + string.digits + " .,;:!?'-")
"""Characters an instruction may hold."""


def check_instruction(sentence: str) -> str:
    """Return a sentence that fits the space of instructions.

    Raises:
        ValueError: if it does not; the message says why.
    """
    if not sentence.strip():
        raise ValueError("The instruction is empty; write a sentence.")
    if len(sentence) > INSTRUCTION_MAX_LENGTH:
        raise ValueError(
            f"The instruction has {len(sentence)} characters; at most {INSTRUCTION_MAX_LENGTH} fit."
        )
    if foreign := sorted(set(sentence) - INSTRUCTION_CHARSET):
        raise ValueError(
            f"The instruction holds {', '.join(map(repr, foreign))}; write it with letters without "
            "accents, digits, spaces and .,;:!?'-"
        )
    return sentence
