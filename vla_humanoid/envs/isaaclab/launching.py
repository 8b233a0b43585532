"""What must run before a batch of environments can be made."""

import sys

from vla_humanoid.sims.isaaclab.cpu_only import prepare_ovphysx
from vla_humanoid.sims.isaaclab.engines import Physics

_KIT = "omni.kit.app"


def require_runtime(physics: Physics) -> None:
    """Prepare the process for an engine.

    Raises:
        RuntimeError: if the engine needs Kit and Kit does not run, or the other way round.
    """
    runs_kit = _KIT in sys.modules
    if physics == "physx" and not runs_kit:
        raise RuntimeError(
            "physics='physx' runs inside Isaac Sim. Start it first: "
            "from isaaclab.app import launch_simulation; with launch_simulation(cfg): ... "
            "Or choose physics='ovphysx', the same engine without Isaac Sim."
        )
    if physics == "ovphysx":
        if runs_kit:
            raise RuntimeError(
                "physics='ovphysx' cannot share a process with Isaac Sim, which runs here. "
                "Choose physics='physx', or start a process without Isaac Sim."
            )
        prepare_ovphysx()
