"""What every instruction keeps to, so that it fits a `gymnasium.spaces.Text`."""

import string

INSTRUCTION_MAX_LENGTH = 240
"""Largest number of characters in an instruction."""

INSTRUCTION_CHARSET: frozenset[str] = frozenset(string.ascii_letters + string.digits + " .,;:!?'-")
"""Characters an instruction may hold."""
