"""The insides of an environment that MuJoCo simulates."""

from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation


def mujoco_of(env: HumanoidEnv) -> MujocoSimulation:
    """Return the engine of an environment's episode, which is MuJoCo."""
    simulation = env.simulation
    assert isinstance(simulation, MujocoSimulation)
    return simulation
