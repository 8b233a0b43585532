"""Postures of the robot as joint positions by name."""

from types import MappingProxyType

from vla_humanoid.assets.figures import JOINT_NAMES

# The legs bring the centre of mass over the middle of the soles, pelvis and torso upright.
_LEGS = {"hip_pitch": -0.3546, "knee": 0.7734, "ankle_pitch": -0.4188}
_ARMS = {"shoulder_pitch": 0.6, "shoulder_roll": 0.2, "elbow": -0.5}


def _ready() -> dict[str, float]:
    posture = dict.fromkeys(JOINT_NAMES, 0.0)
    for joint, position in {**_LEGS, **_ARMS}.items():
        posture[f"left_{joint}_joint"] = position
        posture[f"right_{joint}_joint"] = -position if joint == "shoulder_roll" else position
    return posture


READY = MappingProxyType(_ready())
"""A balanced stand with bent knees, the hands above a table in front; every joint [rad]."""

READY_PELVIS_HEIGHT = 0.7444
"""Height of the pelvis above the floor in `READY` [m]: the soles press on it from the first step."""
