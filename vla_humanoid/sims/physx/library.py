"""Loads the PhysX wheels, once per process."""

import importlib
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import cast

from vla_humanoid.assets.usd.requirements import (
    NEEDED,
    UsdUnavailable,
    install_command,
    require_wheels,
)
from vla_humanoid.sims.cuda import NoGpu, first_gpu, load_driver
from vla_humanoid.sims.engine_names import Device
from vla_humanoid.sims.kit import kit_is_running
from vla_humanoid.sims.physx.interface import (
    ContactBinding,
    GlobalConfigKey,
    LogLevel,
    Physx,
    PhysxModule,
    StageModule,
    TensorBinding,
    UsdStage,
)

_WHEELS = ("ovphysx", "ovstage", "physx-usd-schemas", "newton-usd-schemas", *NEEDED)


class PhysxUnavailable(ImportError):
    """PhysX cannot be loaded here; the message says what is missing and what to do."""


class Library:
    """The loaded wheels, set up for this process.

    PhysX runs in the calling thread: its own threads made small worlds twenty times slower.

    Args:
        device: what all simulations of this process are computed on.

    Raises:
        PhysxUnavailable: if a wheel is missing or does not load, or there is no such device.
    """

    def __init__(self, device: Device) -> None:
        check_installation(device)
        if device != "cpu":
            _require_gpu(device)
        self.device = device
        """What all simulations of this process are computed on."""
        self._process = os.getpid()
        try:
            self._physx = cast(PhysxModule, importlib.import_module("ovphysx"))
            self._stages = cast(StageModule, importlib.import_module("ovstage"))
            types = importlib.import_module("ovphysx.types")
        except (ImportError, OSError) as error:
            raise PhysxUnavailable(
                f"PhysX does not load: {error}. Try: {install_command()}"
            ) from error
        self._tensor_types: Mapping[str, int] = types.TensorType.__members__
        key, level = cast(GlobalConfigKey, types.GlobalConfigKey), cast(LogLevel, types.LogLevel)
        self._physx.set_log_level(level.ERROR)  # It warns of every GPU that is not there.
        self._physx.set_global_config(key.NUM_THREADS, 0)
        if device == "cpu":
            self._physx.PhysX.set_cpu_mode(True)  # For good: PhysX takes this back in no process.
        # Attributes of schemas that are not known when the first stage is read are lost.
        schemas = [*_physx_schemas(), self._physx.newton_schema_root()]
        self._stages.population.register_usd_schemas([str(path) for path in schemas])

    def open(self, usd_file: Path) -> tuple[Physx, UsdStage]:
        """Return a simulation of the world in a USD file, and the stage it reads.

        Raises:
            PhysxUnavailable: if this process was forked from one that has loaded PhysX.
        """
        if os.getpid() != self._process:
            raise PhysxUnavailable(
                "PhysX was loaded before this process was forked, and does not survive that. "
                "Start processes by 'spawn', as AsyncVectorEnv(..., context='spawn') does."
            )
        # On a GPU, too, states are exchanged by the CPU's memory, as ovphysx does by default.
        gpu = None if self.device == "cpu" else self.device.removeprefix("cuda:")
        physx, stage = self._physx.PhysX(active_cuda_gpus=gpu), self._stages.Stage(usd_file.stem)
        domains = self._stages.PopulationDomain.ALL
        self._stages.population.open_usd(stage, str(usd_file), ordinal=1, domains=domains)
        stage.advance_write_floor(ordinal=1).wait()
        physx.wait_task(physx.attach_ovstage(stage, read_ordinal=1))
        physx.wait_all()
        return physx, stage

    def quantity(self, physx: Physx, name: str, paths: list[str]) -> TensorBinding:
        """Return a view of a quantity, one of the names of PhysX's tensor types, of some prims."""
        with _deprecations_ignored():
            return physx.create_tensor_binding(
                prim_paths=paths, tensor_type=self._tensor_types[name]
            )

    def contacts(
        self, physx: Physx, others: Mapping[str, list[str]], capacity: int
    ) -> ContactBinding:
        """Return a view of the contacts of some bodies with others, given by their prims.

        Args:
            physx: the simulation.
            others: by the body that reports its contacts, the bodies or colliders with which they
                count; as many for each.
            capacity: most contact points that can be read.
        """
        with _deprecations_ignored():
            every = [other for some in others.values() for other in some]
            return physx.create_contact_binding(
                list(others), every, len(every) // len(others), capacity
            )


@contextmanager
def _deprecations_ignored() -> Iterator[None]:
    """Keep quiet about tensor bindings being old: what replaces them takes longer than a step."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


_LOADED: list[Library] = []
"""The one library of this process, once it is loaded."""


def load_library(device: Device = "cpu") -> Library:
    """Load the wheels on first use.

    Args:
        device: what simulations are computed on.

    Raises:
        PhysxUnavailable: as `Library`, or if this process uses another device already.
    """
    if not _LOADED:
        _LOADED.append(Library(device))
    library = _LOADED[0]
    if library.device != device:
        raise PhysxUnavailable(
            f"This process computes PhysX on {library.device!r} already, and cannot on {device!r} "
            "as well; start another process for it."
        )
    return library


def check_installation(device: Device = "cpu") -> None:
    """Check that PhysX can be loaded here, without loading it.

    Args:
        device: what it is to compute on.

    Raises:
        PhysxUnavailable: if a wheel is missing, there is no driver for the device, or something is
            in the way.
    """
    if kit_is_running():
        raise PhysxUnavailable(
            "Kit runs in this process, and brings a PhysX of its own. Inside Isaac Sim choose "
            "engine='isaaclab'; for engine='physx' start a Python without Kit."
        )
    try:
        require_wheels("The engine physx", _WHEELS)
        if device != "cpu":
            load_driver()  # And asks it nothing: a process that did so could not fork any more.
    except UsdUnavailable as error:
        raise PhysxUnavailable(str(error)) from error
    except NoGpu as error:
        raise PhysxUnavailable(_no_gpu(device, error)) from error


def _require_gpu(device: Device) -> None:
    try:
        first_gpu()
    except NoGpu as error:
        raise PhysxUnavailable(_no_gpu(device, error)) from error


def _no_gpu(device: Device, error: NoGpu) -> str:
    return (
        f"The engine physx cannot compute on {device!r}: {error}. Choose device='cpu' (or leave "
        "out --device), or install NVIDIA's driver until nvidia-smi lists a GPU."
    )


def _physx_schemas() -> list[Path]:
    provider = metadata.distribution("physx-usd-schemas")
    modules = ("PhysxSchema", "OmniUsdPhysicsDeformableSchema")
    return [
        Path(str(provider.locate_file(f"physx_usd_schemas/{module}/resources")))
        for module in modules
    ]
