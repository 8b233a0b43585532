"""The space of instructions, made to reach the caller through asynchronous vector environments.

Gymnasium's `AsyncVectorEnv` reads a shared `Text` once, when it is made, and from then on returns
that first, empty reading. Images and numbers are views of the shared memory and do change; so does
the sequence of sentences that this module registers for its own space.
"""

from collections.abc import Sequence
from multiprocessing.sharedctypes import SynchronizedArray
from typing import cast, overload

import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import shared_memory

from vla_humanoid.tasks.language.instruction import INSTRUCTION_CHARSET, INSTRUCTION_MAX_LENGTH


class InstructionSpace(spaces.Text):
    """Sentences that a robot is told."""

    def __init__(self) -> None:
        # An ordered character set, so that all processes number the characters alike.
        super().__init__(INSTRUCTION_MAX_LENGTH, charset="".join(sorted(INSTRUCTION_CHARSET)))


class SharedInstructions(Sequence[str]):
    """The sentences of several environments, as they stand in shared memory now.

    Args:
        space: how they are encoded.
        memory: character indices, padded, one row per environment.
        count: number of environments.
    """

    def __init__(
        self, space: InstructionSpace, memory: "SynchronizedArray[int]", count: int
    ) -> None:
        self._space = space
        self._rows = np.asarray(memory.get_obj()).reshape(count, -1)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self._decode(row) for row in self._rows[index])
        return self._decode(self._rows[index])

    def __deepcopy__(self, memo: dict[int, object]) -> tuple[str, ...]:
        return self[:]

    def _decode(self, row: np.ndarray) -> str:
        characters = self._space.character_list
        return "".join(characters[i] for i in row if i < len(characters))


@shared_memory.read_from_shared_memory.register(InstructionSpace)
def read_instructions(
    space: InstructionSpace, shared_memory: "SynchronizedArray[int]", n: int = 1
) -> tuple[str, ...]:
    """Return a live view of shared instructions instead of a first reading of them."""
    return cast("tuple[str, ...]", SharedInstructions(space, shared_memory, n))
