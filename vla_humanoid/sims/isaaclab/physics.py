"""The engines that Isaac Lab drives, as configurations."""

from isaaclab.physics import PhysicsCfg
from isaaclab.sim import SimulationCfg
from isaaclab_newton.physics import MJWarpSolverCfg, NewtonCfg
from isaaclab_ov.physics import OvPhysxCfg
from isaaclab_physx.physics import PhysxCfg

from vla_humanoid.schema import PHYSICS_RATE, POLICY_RATE
from vla_humanoid.sims.isaaclab.engines import Physics

DECIMATION = PHYSICS_RATE // POLICY_RATE
"""Physics steps of a policy step."""


def simulation_cfg(physics: Physics, device: str) -> SimulationCfg:
    """Return the configuration of a simulation.

    Args:
        physics: which engine.
        device: "cpu" or "cuda:0".
    """
    return SimulationCfg(
        dt=1.0 / PHYSICS_RATE,
        render_interval=DECIMATION,
        device=device,
        physics=_physics_cfg(physics),
    )


def _physics_cfg(physics: Physics) -> PhysicsCfg:
    match physics:
        case "ovphysx":
            return OvPhysxCfg(enable_enhanced_determinism=True)
        case "physx":
            return PhysxCfg(enable_enhanced_determinism=True, bounce_threshold_velocity=0.0)
        case "newton":
            return NewtonCfg(
                solver_cfg=MJWarpSolverCfg(
                    integrator="implicitfast",
                    cone="elliptic",
                    impratio=10.0,
                    njmax=600,
                    nconmax=150,
                )
            )
