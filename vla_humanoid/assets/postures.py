"""Postures of the robot as joint positions by name."""

from types import MappingProxyType

from vla_humanoid.assets.figures import JOINT_NAMES

# The legs bring the centre of mass over the middle of the soles, pelvis and torso upright.
_LEGS = {"hip_pitch": -0.3207, "knee": 0.7694, "ankle_pitch": -0.4487}
_ARMS = {"shoulder_pitch": 1.2, "shoulder_roll": 0.3, "shoulder_yaw": 0.2, "elbow": -0.7}
_MIRRORED = ("shoulder_roll", "shoulder_yaw")


def _ready() -> dict[str, float]:
    posture = dict.fromkeys(JOINT_NAMES, 0.0)
    for joint, position in {**_LEGS, **_ARMS}.items():
        posture[f"left_{joint}_joint"] = position
        posture[f"right_{joint}_joint"] = -position if joint in _MIRRORED else position
    return posture


READY = MappingProxyType(_ready())
"""A balanced stand with bent knees, the hands short of a table in front; joints in [rad]."""

READY_PELVIS_POSITION = (0.0241, 0.0, 0.7444)
"""Of the pelvis in `READY` [m], with the stance frame at the world's origin.

The soles are half a millimetre below the floor, so that they press on it from the first step."""
