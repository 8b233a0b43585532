"""Reading and writing one quantity of a PhysX world through a buffer that is kept."""

import numpy as np

from vla_humanoid.sims.physx.interface import Float32Array, Physx, TensorBinding
from vla_humanoid.sims.physx.library import Library


class Quantity:
    """One quantity of some prims; its values are those last read or written.

    Args:
        library: the loaded wheels.
        physx: the simulation.
        name: one of PhysX's tensor types.
        paths: of the prims, which the rows follow.
    """

    def __init__(self, library: Library, physx: Physx, name: str, paths: list[str]) -> None:
        self.binding: TensorBinding = library.quantity(physx, name, paths)
        self.values: Float32Array = np.zeros(self.binding.shape, dtype=np.float32)

    def read(self) -> Float32Array:
        """Return the current values in the buffer, which the next call overwrites."""
        self.binding.read(self.values)
        return self.values

    def write(self) -> None:
        """Make the buffer's values the current ones."""
        self.binding.write(self.values)
