"""Commands of all 43 motors from what the whole-body program wants of the body's 29."""

from collections.abc import Mapping

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.control.balance_config import MotorConfig
from vla_humanoid.control.hands import FINGER_KD, FINGER_KP, HAND_INDICES, finger_positions
from vla_humanoid.control.motor_feedback import MotorFeedback
from vla_humanoid.control.robot_model import BODY_INDICES, IS_LEG, RobotModel
from vla_humanoid.schema import SIDES, FloatArray, JointCommand


class MotorCommands:
    """Adds to the program's torques what each motor does by itself.

    Args:
        config: gains.
    """

    def __init__(self, config: MotorConfig) -> None:
        self._config = config
        self._kp = np.full(len(JOINT_NAMES), FINGER_KP)
        self._kd = np.full(len(JOINT_NAMES), FINGER_KD)
        self._kp[BODY_INDICES] = np.where(IS_LEG, 0.0, config.upper_kp)
        self._kd[BODY_INDICES] = np.where(IS_LEG, config.lower_kd, config.upper_kd)
        # Of each hand, the latest grip and its fingers: it is often the same again.
        self._fingers = {side: (0.0, finger_positions(side, 0.0)) for side in SIDES}

    def feedback(self, model: RobotModel, dt: float) -> MotorFeedback:
        """Return the feedback of the body's motors, at rest in the model's posture."""
        share = np.where(IS_LEG, 1.0, self._config.feedback_share)
        return MotorFeedback(
            model,
            self._kp[BODY_INDICES],
            self._kd[BODY_INDICES],
            share * model.effort_limit,
            self._config.reference_leak,
            dt,
        )

    def command(
        self, feedback: MotorFeedback, torque: FloatArray, grips: Mapping[str, float]
    ) -> JointCommand:
        """Return the command of all joints.

        Args:
            feedback: of the body's motors, as last advanced.
            torque: of the body's joints [N m], shape (29,).
            grips: per side, 0 open, 1 closed.
        """
        positions, velocities, torques = np.zeros((3, len(JOINT_NAMES)))
        positions[BODY_INDICES] = feedback.positions
        velocities[BODY_INDICES] = feedback.velocities
        torques[BODY_INDICES] = torque
        for side in SIDES:
            grip, fingers = self._fingers[side]
            if grips[side] != grip:
                fingers = finger_positions(side, grips[side])
                self._fingers[side] = grips[side], fingers
            positions[HAND_INDICES[side]] = fingers
        return JointCommand(positions, velocities, self._kp, self._kd, torques)
