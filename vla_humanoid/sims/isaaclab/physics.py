"""How fast Isaac Lab simulates."""

from isaaclab.sim import SimulationCfg

from vla_humanoid.schema import PHYSICS_RATE, POLICY_RATE
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.engines import Physics

DECIMATION = PHYSICS_RATE // POLICY_RATE
"""Physics steps of a policy step."""


def simulation_cfg(physics: Physics, device: str) -> SimulationCfg:
    """Return the configuration of a simulation.

    Args:
        physics: which engine.
        device: "cpu" or "cuda:0".
    """
    return dialect().simulation_cfg(
        physics, dt=1.0 / PHYSICS_RATE, render_interval=DECIMATION, device=device
    )
