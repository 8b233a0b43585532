"""The ranges of what may be asked of the whole body, and what lies beyond them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from vla_humanoid.assets.figures import JOINT_RANGES
from vla_humanoid.control.targets import WholeBodyTarget
from vla_humanoid.schema import Pose, action_spec

_ROUNDING = 1e-6
"""What is beyond its range by less is brought to it without a word."""

_FIELDS = {field.name: field for field in action_spec("end_effector", JOINT_RANGES).fields}
_HEIGHTS = _FIELDS["pelvis_height"].low, _FIELDS["pelvis_height"].high
_LOW = np.array([_FIELDS[f"left_wrist_{axis}"].low for axis in "xyz"])
_HIGH = np.array([_FIELDS[f"left_wrist_{axis}"].high for axis in "xyz"])


def within_bounds(target: WholeBodyTarget) -> tuple[WholeBodyTarget, list[str]]:
    """Return the nearest target within all ranges, and in words what was beyond them.

    Wrists and pelvis have the ranges of control mode ``end_effector``, joints their own, and grips
    0 to 1. Base velocities are not looked at: what can be walked is no box.

    Args:
        target: finite.
    """
    beyond: list[str] = []
    height = _clipped("the pelvis height", target.pelvis_height, _HEIGHTS, "m", beyond)
    grips = {
        side: _clipped(f"the {side} grip", grip, (0.0, 1.0), "", beyond)
        for side, grip in target.grips.items()
    }
    joints = {
        name: _clipped(name, position, JOINT_RANGES[name], "rad", beyond)
        for name, position in target.joints.items()
    }
    wrists = _wrists(target.wrists, beyond)
    return replace(target, wrists=wrists, joints=joints, grips=grips, pelvis_height=height), beyond


def _clipped(
    name: str, value: float, limits: tuple[float, float], unit: str, beyond: list[str]
) -> float:
    low, high = limits
    nearest = min(max(value, low), high)
    if abs(nearest - value) > _ROUNDING:
        beyond.append(f"{name} ({value:.2f}, not {low:.2f} to {high:.2f} {unit}".rstrip() + ")")
    return nearest


def _wrists(wrists: Mapping[str, Pose], beyond: list[str]) -> dict[str, Pose]:
    inside: dict[str, Pose] = {}
    for side, pose in wrists.items():
        position = np.minimum(np.maximum(pose.position, _LOW), _HIGH)
        away = float(np.abs(position - pose.position).max())
        if away > _ROUNDING:
            beyond.append(f"the {side} wrist (by {away:.2f} m)")
        inside[side] = pose if away == 0.0 else Pose(position, pose.quat_wxyz)
    return inside
