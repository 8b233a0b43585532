"""Postures of a robot that sits down or falls, and how softly its motors draw it there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES, g1
from vla_humanoid.control.hands import FINGER_KD, FINGER_KP
from vla_humanoid.control.robot_model import BODY_INDICES, BODY_JOINTS, IS_LEG
from vla_humanoid.schema import SIDES, FloatArray, JointCommand

_MIRRORED = ("hip_roll", "shoulder_roll")
_EFFORT = np.array([joint.effort for joint in g1().joints])[BODY_INDICES]
_ZERO = np.zeros(len(JOINT_NAMES))

_SLACK = (0.05, 0.1)
"""Stiffness [1/rad] and damping [s/rad] of motors that let go, per effort limit."""
_FIRM = (1.5, 0.1)
"""Of motors that hold a seat."""


@dataclass(frozen=True)
class SoftPosture:
    """A posture that the motors draw the body to, each as a spring with a damper.

    Args:
        positions: of the body's joints [rad], shape (29,).
        stiffness: [N m/rad], shape (29,).
        damping: [N m s/rad], shape (29,).
    """

    positions: FloatArray
    stiffness: FloatArray
    damping: FloatArray


def _by_name(joints: Mapping[str, float]) -> dict[str, float]:
    """Return positions of joints by name, the same on both sides [rad]."""
    posture: dict[str, float] = {}
    for joint, position in joints.items():
        if joint.startswith("waist"):
            posture[f"{joint}_joint"] = position
            continue
        for side in SIDES:
            mirrored = side == "right" and joint in _MIRRORED
            posture[f"{side}_{joint}_joint"] = -position if mirrored else position
    for name, position in posture.items():
        low, high = JOINT_RANGES[name]
        if not low <= position <= high:
            raise ValueError(f"{name} is to be at {position} rad, beyond {low} to {high}.")
    return posture


def _soft(
    joints: Mapping[str, float],
    *,
    legs: tuple[float, float],
    arms: tuple[float, float],
    waist: tuple[float, float],
) -> SoftPosture:
    """Return a soft posture; joints that are not named are straight.

    Args:
        joints: positions [rad]; those of limbs hold for both sides.
        legs: stiffness [1/rad] and damping [s/rad] of their motors, per effort limit.
        arms: likewise.
        waist: likewise.
    """
    posture = _by_name(joints)
    positions = np.array([posture.get(name, 0.0) for name in BODY_JOINTS])
    is_waist = np.array(["waist" in name for name in BODY_JOINTS])
    gains = [
        _EFFORT * np.select([IS_LEG, is_waist], [leg, middle], arm)
        for leg, middle, arm in zip(legs, waist, arms, strict=True)
    ]
    return SoftPosture(positions, *gains)


SQUAT = _by_name(
    {
        "waist_yaw": 0.0,
        "waist_roll": 0.0,
        "waist_pitch": 0.5,
        "shoulder_pitch": -1.5,
        "shoulder_roll": 0.05,
        "shoulder_yaw": 0.0,
        "elbow": 1.4,
    }
)
"""Joints beside the legs in a deep squat [rad]: arms ahead as a counterweight, the waist bent
forward, so that the pelvis can lean back and the thighs clear the chest."""

_SEAT = {
    "hip_pitch": -2.2,
    "knee": 2.8,
    "ankle_pitch": -0.1,
    "waist_pitch": 0.35,
    "shoulder_pitch": -1.2,
    "shoulder_roll": 0.1,
    "elbow": 1.2,
}
SEAT = _soft(_SEAT, legs=_FIRM, arms=_FIRM, waist=_FIRM)
"""A seat on the floor: knees up, arms across them."""

FALL_AHEAD = _soft(
    {
        "hip_pitch": -0.3,
        "knee": 1.3,
        "ankle_pitch": 0.45,
        "waist_pitch": -0.3,
        "shoulder_pitch": -0.8,
        "shoulder_roll": 0.75,
        "elbow": 0.55,
    },
    legs=(0.045, 0.065),
    arms=(1.9, 0.18),
    waist=_SLACK,
)
"""On the knees, then on the hands: arms ahead and apart brake the trunk."""

FALL_BACK = _soft(
    {
        "hip_pitch": -0.6,
        "knee": 2.4,
        "ankle_pitch": -0.7,
        "waist_pitch": 0.45,
        "shoulder_pitch": 1.05,
        "shoulder_roll": 0.6,
        "elbow": 1.3,
    },
    legs=(0.08, 0.55),
    arms=(2.0, 0.18),
    waist=_SLACK,
)
"""On the bottom, while arms behind the trunk keep it off the floor; the knees brake hard."""

FALL_ASIDE = _soft(
    {
        "hip_pitch": -2.3,
        "hip_roll": 0.9,
        "knee": 2.8,
        "ankle_pitch": -0.7,
        "waist_pitch": -0.5,
        "shoulder_pitch": 1.15,
        "shoulder_roll": 0.55,
        "elbow": 0.9,
    },
    legs=(0.03, 0.3),
    arms=(5.0, 0.25),
    waist=_SLACK,
)
"""On an arm and a thigh, knees drawn up and apart."""

_AHEAD, _BACK = math.radians(67.5), math.radians(112.5)


def fall_posture(direction: float) -> SoftPosture:
    """Return the posture for a fall.

    Args:
        direction: in which the robot falls, from straight ahead to the left [rad], in -pi to pi.
    """
    if abs(direction) < _AHEAD:
        return FALL_AHEAD
    return FALL_BACK if abs(direction) > _BACK else FALL_ASIDE


def seat_at(positions: FloatArray) -> SoftPosture:
    """Return a posture that holds joints where they are as firmly as a seat [rad], shape (29,)."""
    return SoftPosture(positions.copy(), SEAT.stiffness, SEAT.damping)


def soft_command(posture: SoftPosture, positions: FloatArray, share: float) -> JointCommand:
    """Return the command that draws the body to a posture; the hands open.

    Args:
        posture: how the motors draw.
        positions: where to at present [rad], shape (29,).
        share: 1 for motors as the posture has them, 0 for slack ones.
    """
    position = np.zeros(len(JOINT_NAMES))
    kp, kd = np.full_like(position, FINGER_KP), np.full_like(position, FINGER_KD)
    position[BODY_INDICES] = positions
    slack_kp, slack_kd = (gain * _EFFORT for gain in _SLACK)
    kp[BODY_INDICES] = slack_kp + share * (posture.stiffness - slack_kp)
    kd[BODY_INDICES] = slack_kd + share * (posture.damping - slack_kd)
    return JointCommand(position, _ZERO, kp, kd, _ZERO)
