"""Tasks of the wrists."""

from collections.abc import Mapping

import numpy as np

from vla_humanoid.control.balance_config import ArmsConfig
from vla_humanoid.control.references import PoseReferences, within
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.control.rotations import matrix_to_quat, rotation_error
from vla_humanoid.control.stance_motion import StanceMotion
from vla_humanoid.control.targets import StanceFrame, pose_of
from vla_humanoid.control.task_laws import critical
from vla_humanoid.control.whole_body_qp import Task
from vla_humanoid.schema import SIDES, Pose


class Arms:
    """Moves wrists to poses in the stance frame.

    Args:
        config: gains and weights.
        model: the robot.
    """

    def __init__(self, config: ArmsConfig, model: RobotModel) -> None:
        self._config = config
        self._model = model
        self._weight = np.repeat([config.position_weight, config.rotation_weight], 3)
        self._tracked: tuple[str, ...] = ()
        self._goals: list[Pose] = []
        self._references = PoseReferences([], config.position_limits, config.rotation_limits)

    def set_targets(self, wrists: Mapping[str, Pose], stance: StanceFrame) -> None:
        """Take new poses in the stance frame; arms that just joined start where they are."""
        config = self._config
        tracked = tuple(side for side in SIDES if side in wrists)
        self._goals = [wrists[side] for side in tracked]
        if tracked != self._tracked:
            self._tracked = tracked
            self._references = PoseReferences(
                [self.measured(side, stance) for side in tracked],
                config.position_limits,
                config.rotation_limits,
            )

    def measured(self, side: str, stance: StanceFrame) -> Pose:
        """Return where a wrist is in the stance frame."""
        return stance.from_world(pose_of(self._model.frame(f"{side}_wrist_yaw_link")))

    def advance(self, dt: float, pace: float = 1.0) -> None:
        """Let the references glide to their targets, at a share of their speed."""
        self._references.advance(self._goals, dt, pace)

    def tasks(self, stance: StanceMotion, share: float) -> list[Task]:
        """Return one task per tracked wrist, its weight scaled by a share."""
        config, tasks = self._config, []
        stiffness, damping = config.stiffness, critical(config.stiffness)
        to_rows = stance.frame.rotation.T
        for i, side in enumerate(self._tracked):
            frame = self._model.frame(f"{side}_wrist_yaw_link")
            goal = stance.frame.to_world(self._references.pose(i))
            turn = rotation_error(goal.quat_wxyz, matrix_to_quat(frame.rotation))
            error = np.concatenate(
                [
                    within(goal.position + stance.sway[:3] - frame.position, config.position_error),
                    within(turn, config.rotation_error),
                ]
            )
            twist = self._references.twist(i).reshape(2, 3) @ to_rows
            feedforward = self._references.acceleration(i).reshape(2, 3) @ to_rows
            if turn @ turn > config.rotation_error**2:
                # A target that turns for ever must not drag along a wrist that cannot follow.
                twist[1] = feedforward[1] = 0.0
            velocity = twist.ravel() + stance.velocity_at(goal.position)
            velocity[:3] += stance.sway[3:]
            wanted = feedforward.ravel() + stiffness * error + damping * (velocity - frame.velocity)
            tasks.append(Task(frame.jacobian, wanted - frame.drift, self._weight * share))
        return tasks
