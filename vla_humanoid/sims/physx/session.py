"""One simulation in PhysX of the world in a USD file, and every view of it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from vla_humanoid.schema import PHYSICS_RATE
from vla_humanoid.sims.engine_names import Device
from vla_humanoid.sims.physx.interface import ContactBinding, Float32Array, TensorBinding
from vla_humanoid.sims.physx.library import load_library


class Quantity:
    """One quantity of some prims; its values are those last read or written.

    Args:
        binding: PhysX's view of it.
    """

    def __init__(self, binding: TensorBinding) -> None:
        self.binding = binding
        self.values: Float32Array = np.zeros(binding.shape, dtype=np.float32)

    def read(self) -> Float32Array:
        """Return the current values in the buffer, which the next call overwrites."""
        self.binding.read(self.values)
        return self.values

    def write(self) -> None:
        """Make the buffer's values the current ones."""
        self.binding.write(self.values)


class Session:
    """A simulation; a process may hold several.

    Args:
        usd_file: the world; it is read here and not kept open.
        device: what it is computed on; a process can use one alone.

    Raises:
        PhysxUnavailable: if PhysX cannot be loaded.
    """

    def __init__(self, usd_file: Path, device: Device = "cpu") -> None:
        self._library = load_library(device)
        self._physx, self._stage = self._library.open(usd_file)
        self._views: list[TensorBinding | ContactBinding] = []
        self._is_open = True
        self._physx.warmup()

    def quantity(self, name: str, *paths: str) -> Quantity:
        """Return a view of a quantity of some prims; its binding knows the order of its rows.

        Args:
            name: one of PhysX's tensor types.
            paths: of the prims; that of an articulation is its root link's.
        """
        binding = self._library.quantity(self._physx, name, list(paths))
        self._views.append(binding)
        return Quantity(binding)

    def contacts(self, others: Mapping[str, list[str]], capacity: int) -> ContactBinding:
        """Return a view of the contacts of some bodies with others; see `Library.contacts`."""
        binding = self._library.contacts(self._physx, others, capacity)
        self._views.append(binding)
        return binding

    def step(self) -> None:
        """Let one physics step pass."""
        self._physx.step_sync(1.0 / PHYSICS_RATE)

    def close(self) -> None:
        """Release the simulation and its views; closing twice is closing once."""
        if not self._is_open:
            return
        self._is_open = False
        for view in self._views:
            view.destroy()
        self._physx.wait_task(self._physx.detach_ovstage())
        self._stage.destroy()
        self._physx.destroy()
