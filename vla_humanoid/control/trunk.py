"""Tasks and limits of pelvis and torso."""

import math

import numpy as np

from vla_humanoid.control.balance_config import TrunkConfig
from vla_humanoid.control.references import ScalarReference
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.stance_motion import StanceMotion
from vla_humanoid.control.task_laws import critical, orientation_task
from vla_humanoid.control.whole_body_qp import Limit, Task
from vla_humanoid.schema import FloatArray


class Trunk:
    """Holds the pelvis at its height and the trunk upright.

    Args:
        config: gains and weights.
        height: of the pelvis above the stance frame at the start [m].
    """

    def __init__(self, config: TrunkConfig, height: float) -> None:
        self._config = config
        self._height = ScalarReference(height, config.height_limits)
        self._height_weight = np.full(1, config.height_weight)
        self._torso_weight = np.full(3, config.torso_weight)
        self._pelvis_weight = np.full(3, config.pelvis_weight)

    def advance(self, height: float, dt: float, *, walking: bool) -> None:
        """Let the pelvis height glide to its target [m]."""
        config = self._config
        self._height.advance(min(height, config.walking_height) if walking else height, dt)
        self._height_weight[:] = config.walking_height_weight if walking else config.height_weight
        self._torso_weight[:] = config.walking_trunk_weight if walking else config.torso_weight
        self._pelvis_weight[:] = config.walking_trunk_weight if walking else config.pelvis_weight

    def tasks(self, pelvis: FrameMotion, torso: FrameMotion, stance: StanceMotion) -> list[Task]:
        """Return the tasks for pelvis height and for the orientation of torso and pelvis."""
        config, height = self._config, self._height
        error = height.value + stance.frame.origin[2] - pelvis.position[2]
        speed = height.velocity + stance.velocity[2] - pelvis.velocity[2]
        rise = (
            height.acceleration
            + config.height_stiffness * error
            + critical(config.height_stiffness) * speed
        )
        upright = stance.frame.quat_wxyz
        turning = np.array([0.0, 0.0, stance.velocity[3]])
        stiffness = config.torso_stiffness
        return [
            Task(
                pelvis.jacobian[2:3],
                np.array([rise - pelvis.drift[2]]),
                self._height_weight,
            ),
            orientation_task(torso, upright, turning, stiffness, self._torso_weight),
            orientation_task(pelvis, upright, turning, stiffness, self._pelvis_weight),
        ]

    def limit(self, pelvis: FrameMotion, torso: FrameMotion, floor: float) -> Limit:
        """Keep pelvis and torso from tilting too far and the pelvis from sinking too low."""
        config, rate = self._config, self._config.limit_rate
        rows, bounds = [], []
        for frame in (pelvis, torso):
            axis, tilt = _tilt(frame.rotation)
            speed = axis @ frame.velocity[3:]
            rows.append(axis @ frame.jacobian[3:])
            room = config.max_tilt - tilt
            bounds.append(rate**2 * room - 2.0 * rate * speed - axis @ frame.drift[3:])
        room = pelvis.position[2] - floor - config.min_height
        rows.append(-pelvis.jacobian[2])
        bounds.append(rate**2 * room + 2.0 * rate * pelvis.velocity[2] + pelvis.drift[2])
        return Limit(np.array(rows), np.array(bounds))


def _tilt(rotation: FloatArray) -> tuple[FloatArray, float]:
    """Return the horizontal axis about which a frame's z axis is tilted, and by how much [rad]."""
    x, y, z = rotation[:, 2]
    sine = math.hypot(x, y)
    axis = np.array([-y, x, 0.0]) / sine if sine > 1e-6 else np.array([0.0, 1.0, 0.0])
    return axis, math.atan2(sine, z)
