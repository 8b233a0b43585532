"""What a policy sees: observation space and observations."""

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.control.controllers import Controller
from vla_humanoid.control.rotations import quat_to_matrix, quat_to_rotvec
from vla_humanoid.envs.config import EnvConfig
from vla_humanoid.envs.dynamics import Dynamics
from vla_humanoid.envs.instruction_space import InstructionSpace
from vla_humanoid.schema import SIDES, RobotState, state_fields

_FIELDS = state_fields(JOINT_NAMES)
_LOW = np.array([field.low for field in _FIELDS], dtype=np.float32)
_HIGH = np.array([field.high for field in _FIELDS], dtype=np.float32)
_JOINTS = len(JOINT_NAMES)


def observation_space(config: EnvConfig) -> spaces.Dict:
    """Return the space: ``images/<camera>``, ``state`` and ``instruction``."""
    shape = (config.image_size, config.image_size, 3)
    images: dict[str, spaces.Space[object]] = {
        f"images/{camera}": spaces.Box(0, 255, shape, np.uint8) for camera in config.cameras
    }
    state = spaces.Box(_LOW, _HIGH, dtype=np.float32)
    return spaces.Dict({**images, "state": state, "instruction": InstructionSpace()})


def proprioception(
    robot: RobotState, controller: Controller, dynamics: Dynamics, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return the ``state`` vector that `schema.state_fields` describes, with encoder noise.

    Args:
        robot: as measured; the stance frame is that of the controller's latest state.
        controller: knows the stance frame and the grips that are commanded.
        dynamics: says how noisy the encoders are.
        rng: the source of noise.
    """
    noise = rng.standard_normal(2 * _JOINTS)
    positions = robot.joint_positions + dynamics.joint_position_noise * noise[:_JOINTS]
    velocities = robot.joint_velocities + dynamics.joint_velocity_noise * noise[_JOINTS:]
    to_world = quat_to_matrix(robot.base.pose.quat_wxyz)
    stance = controller.stance
    wrists = [stance.from_world(robot.links[f"{side}_wrist_yaw_link"]) for side in SIDES]
    readings = np.concatenate(
        [
            positions,
            velocities,
            -to_world[2],  # gravity, a unit vector, in the pelvis frame
            to_world.T @ robot.base.twist.angular,
            *(part for w in wrists for part in (w.position, quat_to_rotvec(w.quat_wxyz))),
            [robot.base.pose.position[2] - stance.origin[2]],
            [robot.foot_wrenches[side][2] for side in SIDES],
            [controller.grips[side] for side in SIDES],
        ]
    )
    return np.clip(readings.astype(np.float32), _LOW, _HIGH)
