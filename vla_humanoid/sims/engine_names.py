"""Names of the engines that simulate one environment each, without loading any."""

from typing import Literal, TypeAlias

Engine: TypeAlias = Literal["mujoco", "physx"]
ENGINES: tuple[Engine, ...] = ("mujoco", "physx")
"""MuJoCo, always there, and NVIDIA PhysX, an extra."""
Device: TypeAlias = Literal["cpu", "cuda:0"]
DEVICES: tuple[Device, ...] = ("cpu", "cuda:0")
"""What an engine computes on; MuJoCo knows the first alone."""

ISAAC_LAB = "isaaclab"
"""Isaac Lab, an extra, which simulates many environments at once."""
