"""Balance and targets of the robot as drawings in the scene."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.assets.scene import floor_height
from vla_humanoid.control.balance_state import BalanceState
from vla_humanoid.control.footsteps import Footstep, turned
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.schema import FloatArray, Pose
from vla_humanoid.viewer.primitives import Color, Drawing, Points, Polyline

Slope: TypeAlias = tuple[float, float]

COLORS: Mapping[str, Color] = {
    "support polygon": (0.25, 0.85, 0.35, 1.0),
    "ZMP": (1.0, 0.25, 0.2, 1.0),
    "DCM": (1.0, 0.75, 0.1, 1.0),
    "CoM": (0.35, 0.6, 1.0, 1.0),
    "footsteps": (0.95, 0.95, 0.95, 1.0),
    "wrist targets": (0.85, 0.4, 1.0, 1.0),
}
"""Everything that is drawn, and its colour: the legend."""

LIFT = 0.006
"""Drawings on the floor lie so far above it that they are not lost in it [m]."""
AXIS = 0.08
"""Length of the axes of a wrist target [m]."""
_AXIS_COLORS: tuple[Color, Color, Color] = (
    (1.0, 0.2, 0.2, 1.0),
    (0.2, 1.0, 0.2, 1.0),
    (0.3, 0.4, 1.0, 1.0),
)


def draw(
    balance: BalanceState,
    footsteps: Sequence[Footstep],
    wrist_targets: Mapping[str, Pose],
    slope: Slope = (0.0, 0.0),
) -> tuple[Drawing, ...]:
    """Return what is drawn at one moment.

    Args:
        balance: of the robot.
        footsteps: that are planned, the next one first.
        wrist_targets: per side, where the policy wants a wrist, world frame.
        slope: of the floor, as in `Scene.floor_slope`.
    """
    return (
        *_balance(balance, slope),
        *(_sole(step) for step in footsteps),
        *(part for side, pose in wrist_targets.items() for part in _axes(side, pose)),
    )


def _balance(balance: BalanceState, slope: Slope) -> Iterator[Drawing]:
    outline = np.array([_on_floor(vertex, slope) for vertex in balance.support.vertices])
    yield Polyline("support polygon", outline, COLORS["support polygon"], 3.0, closed=True)
    below = _on_floor(balance.com[:2], slope)
    yield Polyline("CoM", np.array([balance.com, below]), COLORS["CoM"], 1.5)
    yield Points("CoM", balance.com[None], COLORS["CoM"], 14.0)
    for name, point in (("ZMP", balance.zmp), ("DCM", balance.dcm)):
        yield Points(name, _on_floor(point, slope)[None], COLORS[name], 12.0)


def _on_floor(point: FloatArray, slope: Slope) -> FloatArray:
    x, y = point.tolist()
    return np.array([x, y, floor_height(slope, x, y) + LIFT])


def _sole(step: Footstep) -> Polyline:
    """Return the outline of a sole where a step is to put it down."""
    corners = np.array(g1().sole_corners)[:, :2]
    around = np.argsort(np.arctan2(corners[:, 1], corners[:, 0]))
    offsets = [np.array([*turned(corner, step.yaw), LIFT]) for corner in corners[around]]
    outline = step.position + np.array(offsets)
    return Polyline("footsteps", outline, COLORS["footsteps"], 2.0, closed=True)


def _axes(side: str, pose: Pose) -> Iterator[Drawing]:
    name = f"{side} wrist target"
    rotation = quat_to_matrix(pose.quat_wxyz)
    for axis, color in zip(rotation.T, _AXIS_COLORS, strict=True):
        yield Polyline(name, np.array([pose.position, pose.position + AXIS * axis]), color, 2.5)
    yield Points(name, pose.position[None], COLORS["wrist targets"], 8.0)
