"""What this package uses of the PhysX wheels, which have no complete types of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Float32Array: TypeAlias = NDArray[np.float32]


class TensorBinding(Protocol):
    """A view of one quantity of some bodies, read and written at once."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the arrays that are read and written."""
        ...

    @property
    def prim_paths(self) -> list[str]:
        """Of the rows, in PhysX's order."""
        ...

    @property
    def dof_names(self) -> list[str]:
        """Of an articulation's joints, in its own order."""
        ...

    @property
    def body_names(self) -> list[str]:
        """Of an articulation's links, in its own order."""
        ...

    def read(self, tensor: NDArray[np.generic]) -> None:
        """Read into an array of the right shape and type."""
        ...

    def write(self, tensor: NDArray[np.generic]) -> None:
        """Write an array of the right shape and type."""
        ...

    def destroy(self) -> None:
        """Release the view."""
        ...


class ContactBinding(Protocol):
    """A view of the contacts between sensor bodies and the bodies they are filtered for."""

    @property
    def sensor_paths(self) -> list[str]:
        """Of the sensor bodies, in PhysX's order."""
        ...

    @property
    def sensor_count(self) -> int:
        """Number of sensor bodies."""
        ...

    @property
    def filter_count(self) -> int:
        """Number of filters of each sensor."""
        ...

    def read_normal_contact_data(
        self,
        contact_forces: Float32Array,
        positions: Float32Array,
        normals: Float32Array,
        separations: Float32Array,
        counts: NDArray[np.int32],
        start_indices: NDArray[np.int32],
    ) -> int:
        """Read the normal force at every contact point; return how many points there are."""
        ...

    def read_friction_contact_data(
        self,
        friction_forces: Float32Array,
        friction_points: Float32Array,
        counts: NDArray[np.int32],
        start_indices: NDArray[np.int32],
    ) -> int:
        """Read the friction force at every anchor; return how many anchors there are."""
        ...

    def destroy(self) -> None:
        """Release the view."""
        ...


class UsdStage(Protocol):
    """A USD stage as PhysX reads it."""

    def advance_write_floor(self, *, ordinal: int) -> "Waitable":
        """Seal what was populated."""
        ...

    def destroy(self) -> None:
        """Release the stage."""
        ...


class Waitable(Protocol):
    """Something under way."""

    def wait(self) -> None:
        """Wait for its end."""
        ...


class Physx(Protocol):
    """One simulation; a process may hold several."""

    def attach_ovstage(self, stage: UsdStage, *, read_ordinal: int) -> object:
        """Begin to read a stage; returns a task."""
        ...

    def detach_ovstage(self) -> object:
        """Let go of the stage; returns a task."""
        ...

    def wait_task(self, task: object) -> None:
        """Wait for a task; raises what it failed with."""
        ...

    def wait_all(self) -> None:
        """Wait for every task."""
        ...

    def warmup(self) -> None:
        """Prepare the first step."""
        ...

    def step_sync(self, dt: float) -> None:
        """Let time pass [s]."""
        ...

    def create_tensor_binding(self, *, prim_paths: list[str], tensor_type: int) -> TensorBinding:
        """Return a view of one quantity of some bodies."""
        ...

    def create_contact_binding(
        self,
        sensor_patterns: list[str],
        filter_patterns: list[str],
        filters_per_sensor: int,
        max_contact_data_count: int,
    ) -> ContactBinding:
        """Return a view of the contacts of some bodies."""
        ...

    def destroy(self) -> None:
        """Release the simulation."""
        ...


class GlobalConfigKey(Protocol):
    """Settings of the process."""

    NUM_THREADS: int


class LogLevel(Protocol):
    """How much is said."""

    ERROR: int


class PhysxClass(Protocol):
    """Makes simulations."""

    def __call__(self, *, active_cuda_gpus: str | None = None) -> Physx:
        """Make one; it may be told which GPU to use."""
        ...

    def set_cpu_mode(self, cpu_only: bool) -> None:
        """Keep the process off every GPU."""
        ...


class PhysxModule(Protocol):
    """The module ``ovphysx``."""

    PhysX: PhysxClass

    def set_global_config(self, key: int, value: int) -> None:
        """Set a `GlobalConfigKey`."""
        ...

    def set_log_level(self, level: int) -> None:
        """Set how much is said."""
        ...

    def newton_schema_root(self) -> Path:
        """Return where Newton's USD schemas are."""
        ...


class Domains(Protocol):
    """Which parts of a USD file are read."""

    ALL: int


class Population(Protocol):
    """The module ``ovstage.population``."""

    def register_usd_schemas(self, paths: list[str]) -> None:
        """Make schemas known to USD."""
        ...

    def open_usd(self, stage: UsdStage, path: str, *, ordinal: int, domains: int) -> None:
        """Read a file into a stage."""
        ...


class StageModule(Protocol):
    """The module ``ovstage``."""

    PopulationDomain: Domains
    Stage: Callable[[str], UsdStage]
    population: Population
