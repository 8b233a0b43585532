"""Refuses numbers that are not finite, or that no motion of these bodies can have."""

import math

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.schema import FloatArray, JointCommand, RigidBodyState, WorldState
from vla_humanoid.sims.simulation import SimulationDiverged

SPEED_LIMIT = 100.0
"""A velocity beyond this [m/s or rad/s] is no physical motion of these bodies."""
SPIN_LIMIT = 1000.0
"""The same for the turning of a free body [rad/s]: a marble that rolls at 1 m/s turns at 110."""


def require_finite_command(command: JointCommand) -> None:
    """Check every number of a command.

    Raises:
        SimulationDiverged: naming the first joint with one that is not finite.
    """
    parts = (command.position, command.velocity, command.kp, command.kd, command.torque)
    finite = np.isfinite(parts)
    if not finite.all():
        joint = JOINT_NAMES[int(finite.all(axis=0).argmin())]
        raise SimulationDiverged(f"The command of {joint} is not finite.")


def require_finite_state(state: WorldState) -> None:
    """Check every number of a state that an engine is to be put into.

    Raises:
        ValueError: naming what has one that is not finite.
    """
    robot = state.robot
    _require_finite_body("floating_base", robot.base)
    for what, values in (
        ("position", robot.joint_positions),
        ("velocity", robot.joint_velocities),
    ):
        finite = np.isfinite(values)
        if not finite.all():
            joint = JOINT_NAMES[int(finite.argmin())]
            raise ValueError(f"The {what} of {joint} is not finite, so nothing was changed.")
    for name, body in state.objects.items():
        _require_finite_body(name, body)
    for name, fixture in state.fixtures.items():
        if not np.isfinite((fixture.position, fixture.velocity)).all():
            raise ValueError(f"The joint of {name} is not finite, so nothing was changed.")


def _require_finite_body(name: str, body: RigidBodyState) -> None:
    values = (
        *(body.pose.position, body.pose.quat_wxyz),
        *(body.twist.linear, body.twist.angular),
    )
    if not all(np.isfinite(some).all() for some in values):
        raise ValueError(f"The pose or twist of {name} is not finite, so nothing was changed.")


def finite_force(force: FloatArray) -> FloatArray:
    """Return a copy of a force [N], shape (3,).

    Raises:
        ValueError: if it is not three finite numbers.
    """
    copy = np.array(force, dtype=np.float64)
    if copy.shape != (3,) or not all(map(math.isfinite, copy.tolist())):
        raise ValueError(f"A push is three finite numbers [N], not {force}.")
    return copy
