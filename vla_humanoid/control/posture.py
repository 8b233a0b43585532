"""The pull of the joints: to the nominal posture, or to targets of their own."""

from collections.abc import Mapping

import numpy as np

from vla_humanoid.assets.postures import READY
from vla_humanoid.control.balance_config import PostureConfig
from vla_humanoid.control.references import JointReferences
from vla_humanoid.control.robot_model import BODY_JOINTS, IS_LEG, RobotModel
from vla_humanoid.control.task_laws import critical
from vla_humanoid.control.whole_body_qp import Task
from vla_humanoid.schema import FloatArray

_NOMINAL = np.array([READY[name] for name in BODY_JOINTS])


class Posture:
    """Makes the posture objective of the whole-body program.

    Args:
        config: gains and weights.
        model: the robot.
    """

    def __init__(self, config: PostureConfig, model: RobotModel) -> None:
        self._config = config
        self._model = model
        self._joints: list[int] = []
        self.set_targets({})

    def set_targets(self, joints: Mapping[str, float]) -> None:
        """Let joints with a target of their own glide to it; pull the others to the nominal."""
        config = self._config
        self._weight = np.where(IS_LEG, config.leg_weight, config.weight)
        self._goals = np.array(list(joints.values()))
        targeted = [BODY_JOINTS.index(name) for name in joints]
        self._weight[targeted] = config.target_weight
        if targeted != self._joints:
            self._joints = targeted
            self._references = JointReferences(
                self._model.positions[targeted], config.target_limits
            )

    def advance(self, dt: float, pace: float = 1.0) -> None:
        """Let the references of joints with a target glide to it, at a share of their speed."""
        if self._joints:
            self._references.advance(self._goals, dt, pace)

    def task(self, share: float) -> Task:
        """Return the objective; the weight of joints with a target is scaled by a share."""
        config, model, weight = self._config, self._model, self._weight
        target = config.stiffness * (_NOMINAL - model.positions) - config.damping * model.velocities
        if self._joints:
            joints, references = self._joints, self._references
            reach, stiffness = config.target_error, config.target_stiffness
            error = np.clip(references.positions - model.positions[joints], -reach, reach)
            target[joints] = (
                references.accelerations
                + stiffness * error
                + critical(stiffness) * (references.velocities - model.velocities[joints])
            )
            weight = weight.copy()
            weight[joints] *= share
        return Task(_NO_JACOBIAN, target, weight)


_NO_JACOBIAN: FloatArray = np.empty((0, 0))
