"""What every engine offers, behind one protocol."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.schema import FloatArray, JointCommand, RobotState, WorldState


class SimulationDiverged(RuntimeError):
    """The engine produced a state that is not finite or not physical."""


class Simulation(Protocol):
    """An engine that holds one world.

    Every engine maps joints and bodies by name: engines order them differently.
    """

    def reset(self, state: WorldState) -> WorldState:
        """Put the world into ``state`` and return what the engine made of it."""
        ...

    def apply(self, command: JointCommand) -> WorldState:
        """Let a command take effect without letting time pass; contact forces are then its own."""
        ...

    def step(self, command: JointCommand, steps: int) -> None:
        """Apply a command for a number of physics steps.

        Raises:
            SimulationDiverged: if the state is no longer finite.
        """
        ...

    def state(self) -> WorldState:
        """Return the current state; the arrays are copies."""
        ...

    def robot_state(self) -> RobotState:
        """Return the robot alone, faster than `state`."""
        ...

    def motor_power(self) -> float:
        """Return the sum of |torque x speed| of all joints at the end of the latest step [W]."""
        ...

    def push(self, force: FloatArray) -> None:
        """Apply a force [N], world frame, shape (3,), at the torso until the next call."""
        ...

    def render(self, camera: str) -> NDArray[np.uint8]:
        """Return an image, shape (height, width, 3)."""
        ...

    def render_depth(self, camera: str) -> NDArray[np.float32]:
        """Return metric depth along the optical axis [m], shape (height, width)."""
        ...

    def render_segmentation(self, camera: str) -> NDArray[np.int32]:
        """Return, for every pixel, an index into `segments` or -1, shape (height, width)."""
        ...

    @property
    def segments(self) -> tuple[str, ...]:
        """Names that `render_segmentation` refers to: the scene's bodies and ``robot``."""
        ...

    def close(self) -> None:
        """Release the engine and its graphics context."""
        ...
