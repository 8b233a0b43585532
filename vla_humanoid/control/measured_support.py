"""The support that is measured: where soles that bear load really touch the ground."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.balance_state import BalanceState, support_polygon
from vla_humanoid.control.feet import loaded
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.support_polygon import SupportPolygon
from vla_humanoid.schema import FloatArray

_LIFTED = 0.005
"""A corner so far above the ground touches it no more [m]; soles that lie flat rock by 2 mm."""
_EDGE = 0.003
"""A sole on its edge has its centre of pressure within this of it [m]."""
_EDGE_WIDTH = 0.002
"""Of the strip in which a sole on its edge touches the ground [m]."""

_CORNERS = np.array(g1().sole_corners) - np.array([0.0, 0.0, g1().sole_height])
_LOW, _HIGH = _CORNERS[:, :2].min(axis=0), _CORNERS[:, :2].max(axis=0)


def measured_balance(
    balance: BalanceState,
    soles: Mapping[str, FrameMotion],
    foot_wrenches: Mapping[str, FloatArray],
    normal: FloatArray,
) -> BalanceState:
    """Return a balance with the support that load and soles show, whatever was planned.

    Where no foot bears load the robot has no support: the polygon is then that of both soles, and
    the margin minus the distance of the DCM from its centre.

    Args:
        balance: all else is kept.
        soles: both, by side.
        foot_wrenches: per side, force and torque from the ground about the sole's origin, world
            frame, shape (6,).
        normal: of the ground, upward, shape (3,).
    """
    sides = loaded(foot_wrenches)
    if not sides:
        support = support_polygon(soles)
        away = balance.dcm - support.center
        return replace(balance, support=support, support_margin=-float(np.hypot(*away)))
    touching = [touching_points(soles[side], foot_wrenches[side], normal) for side in sides]
    support = SupportPolygon(np.concatenate(touching))
    return replace(balance, support=support, support_margin=support.margin(balance.dcm))


def touching_points(sole: FrameMotion, wrench: FloatArray, normal: FloatArray) -> FloatArray:
    """Return where a sole that bears load touches the ground [m], world frame, shape (n, 2).

    These are its corners, less those that a sole on its edge has lifted: on unknown ground a sole
    may be tilted and yet lie flat, which its centre of pressure tells.

    Args:
        sole: of the foot.
        wrench: from the ground, about the sole's origin, world frame, shape (6,).
        normal: of the ground, upward, shape (3,).
    """
    corners = sole.position + _CORNERS @ sole.rotation.T
    height = corners @ normal
    touches = height - height.min() < _LIFTED
    if touches.all() or _presses_within(sole, wrench):
        return corners[:, :2]
    points = corners[touches, :2]
    return points if len(points) > 2 else _widened(points)


def _widened(points: FloatArray) -> FloatArray:
    """Return the corners of a strip along one or two points, shape (4, 2)."""
    along = points[-1] - points[0]
    length = float(np.hypot(*along))
    along = along / length if length > 0.0 else np.array([1.0, 0.0])
    half = 0.5 * _EDGE_WIDTH * along
    beside = np.array([-half[1], half[0]])
    begin, end = points[0] - half, points[-1] + half
    return np.array([begin + beside, begin - beside, end + beside, end - beside])


def _presses_within(sole: FrameMotion, wrench: FloatArray) -> bool:
    """Tell whether the centre of pressure is away from the sole's edges."""
    _, _, pressure = wrench[:3] @ sole.rotation
    along, across, _ = wrench[3:] @ sole.rotation
    center = np.array([-across, along]) / pressure
    return bool((center > _LOW + _EDGE).all() and (center < _HIGH - _EDGE).all())
