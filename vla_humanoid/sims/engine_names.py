"""Names of the engines that simulate one environment each, without loading any."""

from typing import Literal, TypeAlias

Engine: TypeAlias = Literal["mujoco", "physx"]
ENGINES: tuple[Engine, ...] = ("mujoco", "physx")
"""MuJoCo, always there, and NVIDIA PhysX, an extra; both on a CPU."""

ISAAC_LAB = "isaaclab"
"""Isaac Lab, an extra, which simulates many environments at once."""
