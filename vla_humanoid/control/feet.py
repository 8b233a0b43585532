"""Tasks of the feet: still on the ground, on their way through the air."""

import math
from collections.abc import Mapping

import numpy as np

from vla_humanoid.control.balance_config import FeetConfig
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.rotations import matrix_to_quat, rotation_error
from vla_humanoid.control.swing import SwingFoot
from vla_humanoid.control.task_laws import critical
from vla_humanoid.control.whole_body_qp import Task
from vla_humanoid.schema import FloatArray

TOUCHING = 5.0
"""A foot that bears more presses on the ground [N]."""


class Feet:
    """Makes the tasks of both feet."""

    def __init__(self, config: FeetConfig) -> None:
        self._config = config
        self._hold_weight = np.full(6, config.hold_weight)
        self._swing_weight = np.full(6, config.swing_weight)

    def hold(self, sole: FrameMotion) -> Task:
        """Return the task that keeps a sole in contact where it is."""
        wanted = -self._config.hold_damping * sole.velocity
        return Task(sole.jacobian, wanted - sole.drift, self._hold_weight)

    def swing(self, sole: FrameMotion, swing: SwingFoot, ground: FloatArray) -> Task:
        """Return the task that moves a sole through the air.

        Args:
            sole: of the foot.
            swing: its reference.
            ground: upward normal of the ground, world frame, shape (3,).
        """
        stiffness = self._config.swing_stiffness
        damping = critical(stiffness)
        orientation = matrix_to_quat(level_rotation(float(swing.position[3]), ground))
        error = np.empty(6)
        error[:3] = swing.position[:3] - sole.position
        error[3:] = rotation_error(orientation, matrix_to_quat(sole.rotation))
        velocity = np.array([*swing.velocity[:3], 0.0, 0.0, swing.velocity[3]])
        feedforward = np.array([*swing.acceleration[:3], 0.0, 0.0, swing.acceleration[3]])
        wanted = feedforward + stiffness * error + damping * (velocity - sole.velocity)
        return Task(sole.jacobian, wanted - sole.drift, self._swing_weight)


def level_rotation(yaw: float, normal: FloatArray) -> FloatArray:
    """Return the rotation of a sole that lies on a plane, heading along a yaw, shape (3, 3)."""
    nx, ny, nz = normal.tolist()
    cosine, sine = math.cos(yaw), math.sin(yaw)
    along = cosine * nx + sine * ny
    x, y, z = cosine - along * nx, sine - along * ny, -along * nz
    length = math.sqrt(x * x + y * y + z * z)
    x, y, z = x / length, y / length, z / length
    return np.array(
        [
            [x, ny * z - nz * y, nx],
            [y, nz * x - nx * z, ny],
            [z, nx * y - ny * x, nz],
        ]
    )


def loads(foot_wrenches: Mapping[str, FloatArray]) -> dict[str, float]:
    """Return the vertical force that each foot bears [N]."""
    return {side: float(wrench[2]) for side, wrench in foot_wrenches.items()}


def loaded(foot_wrenches: Mapping[str, FloatArray]) -> tuple[str, ...]:
    """Return the sides whose feet press on the ground."""
    return tuple(side for side, load in loads(foot_wrenches).items() if load > TOUCHING)
