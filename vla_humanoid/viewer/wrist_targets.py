"""Where a policy wants the wrists, whatever its control mode."""

from dataclasses import replace

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.control.decoders import make_decoder
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget, pose_of
from vla_humanoid.data_collection.environment import Action
from vla_humanoid.schema import SIDES, ActionSpec, Pose, RobotState


class WristTargets:
    """Follows the actions of an episode; what the safety filter changes is not part of it.

    Args:
        spec: of the actions; any mode that the balance layer carries out.
    """

    def __init__(self, spec: ActionSpec) -> None:
        self._spec = spec
        self._decoder = make_decoder(spec)
        self._model = RobotModel()
        self._target: WholeBodyTarget | None = None

    def reset(self, robot: RobotState, stance: StanceFrame) -> None:
        """Begin an episode."""
        wrists = {side: stance.from_world(robot.links[_wrist(side)]) for side in SIDES}
        height = float(robot.base.pose.position[2] - stance.origin[2])
        grips = dict.fromkeys(SIDES, 0.0)
        self._decoder.reset(WholeBodyTarget(wrists, {}, grips, np.zeros(3), height))
        self._target = None

    def update(self, action: Action) -> None:
        """Take an action, each entry in [-1, 1]."""
        physical = self._spec.to_physical(action.astype(np.float64))
        self._target = self._decoder.decode(physical)

    def poses(self, robot: RobotState, stance: StanceFrame) -> dict[str, Pose]:
        """Return, per side, where the latest action wants the wrist, world frame.

        Joint targets are taken with the body where it is. There are none before the first action.
        """
        if self._target is None:
            return {}
        if not self._target.joints:
            return {side: stance.to_world(pose) for side, pose in self._target.wrists.items()}
        positions = robot.joint_positions.copy()
        for name, position in self._target.joints.items():
            positions[JOINT_NAMES.index(name)] = position
        self._model.update(replace(robot, joint_positions=positions))
        return {side: pose_of(self._model.frame(_wrist(side))) for side in SIDES}


def _wrist(side: str) -> str:
    return f"{side}_wrist_yaw_link"
