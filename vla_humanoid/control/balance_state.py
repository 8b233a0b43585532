"""The balance of the robot in numbers: centre of mass, capture point, ZMP and support."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import sub

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.robot_model import GRAVITY, FrameMotion, RobotModel
from vla_humanoid.control.support_polygon import SupportPolygon
from vla_humanoid.schema import SIDES, FloatArray

_MIN_PRESSURE = 20.0
"""Below this total normal force [N] the feet carry nothing and there is no ZMP."""

_STILL = 5e-4
"""A sole that has moved less [m] or turned less [rad] lies as it lay."""

_SOLE_CORNERS = np.array(g1().sole_corners) - np.array([0.0, 0.0, g1().sole_height])


@dataclass(frozen=True)
class BalanceState:
    """How the robot stands.

    Args:
        com: centre of mass [m], world frame, shape (3,).
        com_velocity: [m/s], shape (3,).
        omega: natural frequency of the linear inverted pendulum of this height [rad/s].
        dcm: divergent component of motion (capture point) on the floor [m], shape (2,).
        zmp: zero-moment point from the feet's wrenches [m], shape (2,); where the feet bear no
            load, the point under the centre of mass.
        zmp_dynamics: the ZMP that the motion of the whole body implies [m], shape (2,); that of
            the wrenches where the motion is not known yet.
        support: hull of the corners of the soles in contact.
        support_margin: distance of the DCM from the edge of the support [m]; the robot can stop
            without a step only while it is positive.
    """

    com: FloatArray
    com_velocity: FloatArray
    omega: float
    dcm: FloatArray
    zmp: FloatArray
    zmp_dynamics: FloatArray
    support: SupportPolygon
    support_margin: float

    @property
    def support_outline(self) -> FloatArray:
        """Vertices of the support [m], counter-clockwise, the last repeated, shape (8, 2)."""
        return self.support.outline(len(SIDES) * len(_SOLE_CORNERS))


def pendulum_frequency(com_height: float) -> float:
    """Return the natural frequency of the linear inverted pendulum [rad/s] (Kajita 2001)."""
    return math.sqrt(GRAVITY / max(com_height, 0.1))


def floor_height(soles: Collection[FrameMotion]) -> float:
    """Return the mean height of some soles [m], world frame."""
    return sum(float(sole.position[2]) for sole in soles) / len(soles)


def support_polygon(soles: Mapping[str, FrameMotion]) -> SupportPolygon:
    """Return the hull of the corners of the given soles."""
    corners = [sole.position + _SOLE_CORNERS @ sole.rotation.T for sole in soles.values()]
    return SupportPolygon(np.concatenate(corners)[:, :2])


class Support:
    """The support polygon of soles that may stay where they are for long; it is then kept."""

    def __init__(self) -> None:
        self._kept: tuple[list[float], SupportPolygon] | None = None

    def update(self, soles: Mapping[str, FrameMotion]) -> SupportPolygon:
        """Return the polygon of the soles as they lie now, to within `_STILL`."""
        where = _placement(soles)
        if self._kept is not None:
            before, polygon = self._kept
            if len(where) == len(before) and _is_near(where, before):
                return polygon
        polygon = support_polygon(soles)
        self._kept = where, polygon
        return polygon


def _placement(soles: Mapping[str, FrameMotion]) -> list[float]:
    where: list[float] = []
    for sole in soles.values():
        where += sole.position.tolist()
        where += sole.rotation[0].tolist()
    return where


def _is_near(where: list[float], before: list[float]) -> bool:
    return max(map(abs, map(sub, where, before))) <= _STILL


def measure_balance(
    model: RobotModel,
    soles: Mapping[str, FrameMotion],
    support: SupportPolygon,
    foot_wrenches: Mapping[str, FloatArray],
    contacts: Collection[str] = SIDES,
    zmp_dynamics: FloatArray | None = None,
) -> BalanceState:
    """Return the balance of the state that the model was last updated with.

    Args:
        model: the robot.
        soles: both soles by side.
        support: hull of the soles in contact.
        foot_wrenches: per side, force and torque from the ground about the sole's origin, world
            frame, shape (6,).
        contacts: the sides whose soles are on the ground.
        zmp_dynamics: as `ZmpFromMotion` finds it, or None.
    """
    com, velocity = model.com.copy(), model.com_velocity
    omega = pendulum_frequency(float(com[2]) - floor_height([soles[side] for side in contacts]))
    dcm = com[:2] + velocity[:2] / omega
    zmp = _zero_moment_point(soles, foot_wrenches)
    zmp = com[:2] if zmp is None else zmp
    return BalanceState(
        com=com,
        com_velocity=velocity,
        omega=omega,
        dcm=dcm,
        zmp=zmp,
        zmp_dynamics=zmp if zmp_dynamics is None else zmp_dynamics,
        support=support,
        support_margin=support.margin(dcm),
    )


def _zero_moment_point(
    soles: Mapping[str, FrameMotion], foot_wrenches: Mapping[str, FloatArray]
) -> FloatArray | None:
    """Return where on the floor the ground's horizontal moments vanish (Vukobratovic 1969)."""
    pressure = along_x = along_y = 0.0
    for side, sole in soles.items():
        _, _, fz, tx, ty, _ = foot_wrenches[side].tolist()
        x, y, _ = sole.position.tolist()
        pressure += fz
        along_x += x * fz - ty
        along_y += y * fz + tx
    if pressure <= _MIN_PRESSURE:
        return None
    return np.array([along_x / pressure, along_y / pressure])
