"""The engines that hold one world each, and how they are made by name.

An engine's packages are imported when it is first asked for: only MuJoCo's are always there.
"""

from functools import partial
from typing import Protocol

import mujoco

from vla_humanoid.assets.usd.loading import load_usd
from vla_humanoid.sims.engine_names import Device, Engine
from vla_humanoid.sims.mujoco_simulation import ActuatorModel, MujocoSimulation
from vla_humanoid.sims.simulation import Simulation


class MakeSimulation(Protocol):
    """Makes an engine's world from its description."""

    def __call__(
        self,
        spec: mujoco.MjSpec,
        *,
        cameras: tuple[str, ...],
        image_size: int,
        actuators: ActuatorModel,
    ) -> Simulation:
        """Make it; arguments as of `MujocoSimulation`."""
        ...


def simulation_maker(engine: Engine, device: Device = "cpu") -> MakeSimulation:
    """Return what makes the worlds of an engine, whose libraries the first of them loads.

    Args:
        engine: its name.
        device: what it computes on.

    Raises:
        PhysxUnavailable: if PhysX is asked for and not installed, or no GPU is there that is asked
            for; the message says what to do.
    """
    match engine:
        case "mujoco":
            return MujocoSimulation
        case "physx":
            from vla_humanoid.sims.physx.library import check_installation

            check_installation(device)  # Says what is missing, before an import fails for it.
            load_usd()
            from vla_humanoid.sims.physx.simulation import PhysxSimulation

            return partial(PhysxSimulation, device=device)
