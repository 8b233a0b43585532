"""How the robot goes down when nothing can keep it up: folded and damped, never limp or stiff."""

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES, g1, is_finger
from vla_humanoid.control.hands import FINGER_KD, FINGER_KP
from vla_humanoid.schema import SIDES, JointCommand

_LEGS = {"hip_pitch": -1.9, "knee": 2.2, "ankle_pitch": -0.5}
_ARMS = {"shoulder_pitch": 0.3, "shoulder_roll": 0.35, "elbow": 0.3}
_MIRRORED = ("shoulder_roll",)
_STIFFNESS_PER_EFFORT, _DAMPING_PER_EFFORT = 0.05, 0.1
"""Of the motors [1/rad] and [s/rad]: legs give way slowly enough to brake the fall."""


def _posture() -> np.ndarray:
    posture = dict.fromkeys(JOINT_NAMES, 0.0)
    for joint, position in {**_LEGS, **_ARMS}.items():
        for side in SIDES:
            name = f"{side}_{joint}_joint"
            wanted = -position if side == "right" and joint in _MIRRORED else position
            low, high = JOINT_RANGES[name]
            posture[name] = min(max(wanted, low), high)
    return np.array([posture[name] for name in JOINT_NAMES])


_POSTURE = _posture()
_EFFORT = np.array([joint.effort for joint in g1().joints])
_IS_FINGER = np.array([is_finger(name) for name in JOINT_NAMES])
_KP = np.where(_IS_FINGER, FINGER_KP, _STIFFNESS_PER_EFFORT * _EFFORT)
_KD = np.where(_IS_FINGER, FINGER_KD, _DAMPING_PER_EFFORT * _EFFORT)


def sitting_command() -> JointCommand:
    """Return the command that folds legs and arms and lets the body sink on them."""
    zero = np.zeros(len(JOINT_NAMES))
    return JointCommand(_POSTURE, zero, _KP, _KD, zero)
