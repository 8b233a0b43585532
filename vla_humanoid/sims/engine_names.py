"""Names of the engines that simulate one environment each, without loading any."""

from typing import Literal, TypeAlias

Engine: TypeAlias = Literal["mujoco", "physx"]
ENGINES: tuple[Engine, ...] = ("mujoco", "physx")
"""MuJoCo, always there, and NVIDIA PhysX, an extra; both on a CPU."""
