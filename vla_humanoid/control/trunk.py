"""Tasks and limits of pelvis and torso."""

import math

import numpy as np

from vla_humanoid.control.balance_config import TrunkConfig
from vla_humanoid.control.references import ScalarReference
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.stance_motion import StanceMotion
from vla_humanoid.control.task_laws import critical, upright_task
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
        error = height.value + float(stance.frame.origin[2]) - float(pelvis.position[2])
        speed = height.velocity + float(stance.velocity[2]) - float(pelvis.velocity[2])
        rise = (
            height.acceleration
            + config.height_stiffness * error
            + critical(config.height_stiffness) * speed
        )
        yaw, turning = stance.frame.yaw, float(stance.velocity[3])
        return [
            Task(
                pelvis.jacobian[2:3],
                np.array([rise - pelvis.drift[2]]),
                self._height_weight,
            ),
            upright_task(torso, yaw, turning, config.torso_stiffness, self._torso_weight),
            upright_task(pelvis, yaw, turning, config.torso_stiffness, self._pelvis_weight),
        ]

    def limit(self, pelvis: FrameMotion, torso: FrameMotion, floor: float) -> Limit:
        """Keep pelvis and torso from tilting too far and the pelvis from sinking too low."""
        config, rate = self._config, self._config.limit_rate
        rows, bounds = np.empty((3, pelvis.jacobian.shape[1])), []
        for row, frame in zip(rows, (pelvis, torso), strict=False):
            ax, ay, tilt = _tilt(frame.rotation)
            _, _, _, wx, wy, _ = frame.velocity.tolist()
            _, _, _, dx, dy, _ = frame.drift.tolist()
            np.matmul((ax, ay), frame.jacobian[3:5], out=row)
            speed = ax * wx + ay * wy
            room = config.max_tilt - tilt
            bounds.append(rate**2 * room - 2.0 * rate * speed - (ax * dx + ay * dy))
        np.negative(pelvis.jacobian[2], out=rows[2])
        room = float(pelvis.position[2]) - floor - config.min_height
        sinking = 2.0 * rate * float(pelvis.velocity[2]) + float(pelvis.drift[2])
        bounds.append(rate**2 * room + sinking)
        return Limit(rows, np.array(bounds))


def _tilt(rotation: FloatArray) -> tuple[float, float, float]:
    """Return x and y of the axis about which a frame's z axis is tilted, and by how much [rad]."""
    x, y, z = rotation[:, 2].tolist()
    sine = math.hypot(x, y)
    if sine < 1e-6:
        return 0.0, 1.0, math.atan2(sine, z)
    return -y / sine, x / sine, math.atan2(sine, z)
