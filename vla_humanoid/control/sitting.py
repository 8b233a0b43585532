"""Postures and motor commands of a robot that sits down or goes down."""

from collections.abc import Mapping

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES, g1, is_finger
from vla_humanoid.control.hands import FINGER_KD, FINGER_KP
from vla_humanoid.control.robot_model import BODY_INDICES, BODY_JOINTS
from vla_humanoid.schema import SIDES, FloatArray, JointCommand

_MIRRORED = ("hip_roll", "hip_yaw", "ankle_roll", "shoulder_roll", "shoulder_yaw", "wrist_roll")
_FOLD = {
    "hip_pitch": -1.9,
    "knee": 2.2,
    "ankle_pitch": -0.5,
    "shoulder_pitch": 0.3,
    "shoulder_roll": 0.35,
    "elbow": 0.3,
}
_SEAT = {
    "hip_pitch": -2.2,
    "knee": 2.8,
    "ankle_pitch": -0.1,
    "shoulder_pitch": -1.2,
    "shoulder_roll": 0.1,
    "elbow": 1.2,
}
_COUNTERWEIGHT = {
    "shoulder_pitch": -1.5,
    "shoulder_roll": 0.05,
    "shoulder_yaw": 0.0,
    "elbow": 1.4,
}
SLACK = 0.05
"""Stiffness of motors that let the body sink, per effort limit [1/rad]."""
_BRAKE = 0.1
"""Their damping, per effort limit [s/rad]: it brakes the fall."""


def _both_sides(joints: Mapping[str, float], waist_pitch: float) -> dict[str, float]:
    posture = {"waist_yaw_joint": 0.0, "waist_roll_joint": 0.0, "waist_pitch_joint": waist_pitch}
    for joint, position in joints.items():
        for side in SIDES:
            name = f"{side}_{joint}_joint"
            wanted = -position if side == "right" and joint in _MIRRORED else position
            low, high = JOINT_RANGES[name]
            posture[name] = min(max(wanted, low), high)
    return posture


def _array(posture: Mapping[str, float]) -> FloatArray:
    return np.array([posture.get(name, 0.0) for name in BODY_JOINTS])


SQUAT = _both_sides(_COUNTERWEIGHT, waist_pitch=0.5)
"""Joints beside the legs in a deep squat [rad]: arms ahead as a counterweight, the waist bent
forward, so that the pelvis can lean back and the thighs clear the chest."""
SEAT = _array(_both_sides(_SEAT, waist_pitch=0.35))
"""A seat on the floor, knees up, arms across them [rad], shape (29,)."""
FOLD = _array(_both_sides(_FOLD, waist_pitch=0.0))
"""Legs bent and arms by the body for a fall [rad], shape (29,)."""

_IS_FINGER = np.array([is_finger(name) for name in JOINT_NAMES])
_EFFORT = np.array([joint.effort for joint in g1().joints])
_DAMPING = np.where(_IS_FINGER, FINGER_KD, _BRAKE * _EFFORT)
_ZERO = np.zeros(len(JOINT_NAMES))


def damped_command(posture: FloatArray, stiffness: float = SLACK) -> JointCommand:
    """Return the command that draws the body to a posture and damps every joint.

    Args:
        posture: [rad], shape (29,); the hands open.
        stiffness: of the motors, per effort limit [1/rad].
    """
    position = np.zeros(len(JOINT_NAMES))
    position[BODY_INDICES] = posture
    kp = np.where(_IS_FINGER, FINGER_KP, stiffness * _EFFORT)
    return JointCommand(position, _ZERO, kp, _DAMPING, _ZERO)
