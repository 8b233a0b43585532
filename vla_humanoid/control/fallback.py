"""What to do when balance is at stake: hold, crouch, and in the end sit down."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from vla_humanoid.assets.postures import READY
from vla_humanoid.control.balance_state import BalanceState
from vla_humanoid.control.interventions import Intervention, Interventions
from vla_humanoid.control.robot_model import BODY_JOINTS, IS_LEG, FrameMotion
from vla_humanoid.control.targets import WholeBodyTarget
from vla_humanoid.schema import SIDES, FloatArray

_TUCKED = {name: READY[name] for name, leg in zip(BODY_JOINTS, IS_LEG, strict=True) if not leg}
"""Where arms and waist are in a crouch [rad]: wrists that stayed where they are would hold the
trunk up."""


class Fallback(IntEnum):
    """How far the controller has left what it was told, in the order of gravity."""

    NONE = 0
    HOLD = 1
    CROUCH = 2
    SIT = 3


@dataclass(frozen=True)
class FallbackConfig:
    """When to fall back, and for how long.

    Args:
        hold_error: DCM error at which a walk is interrupted and the arms stay where they are [m].
        hold_time: how long at least [s].
        crouch_after: holding for so long without being back on the plan, the robot crouches [s].
        crouch_height: of the pelvis [m].
        crouch_knee: bend of both knees at about that height: straight legs do not bend by
            themselves [rad].
        sit_after: holding and crouching for so long without being back, it sits down [s].
        sit_distance: a DCM so far from the nearer sole cannot be caught by any step [m].
        sit_tilt: nor can a trunk that leans so far [rad].
        stuck_after: the limits of the whole-body program contradicting each other for so long means
            that control is lost [s].
    """

    hold_error: float = 0.09
    hold_time: float = 1.0
    crouch_after: float = 1.5
    crouch_height: float = 0.62
    crouch_knee: float = 1.4
    sit_after: float = 4.0
    sit_distance: float = 0.55
    sit_tilt: float = 0.8
    stuck_after: float = 0.1


@dataclass(frozen=True)
class Danger:
    """What the fallbacks are decided by.

    Args:
        dcm_error: of the DCM from its plan [m]; while standing, how far it is outside the support.
        dcm_distance: of the DCM from the nearer sole [m].
        tilt: of the trunk [rad].
        is_infeasible: whether the whole-body program has no solution within all its limits.
    """

    dcm_error: float
    dcm_distance: float
    tilt: float
    is_infeasible: bool


def danger_of(
    balance: BalanceState,
    soles: Mapping[str, FrameMotion],
    torso: FrameMotion,
    planned_dcm: FloatArray | None,
    *,
    is_infeasible: bool,
) -> Danger:
    """Return the danger of a state.

    Args:
        balance: as measured.
        soles: both, by side.
        torso: its frame.
        planned_dcm: of a robot that walks [m], shape (2,), or None.
        is_infeasible: whether the whole-body program has no solution within all its limits.
    """
    x, y = balance.dcm.tolist()
    error = -balance.support_margin
    if planned_dcm is not None:
        error = math.hypot(x - planned_dcm[0], y - planned_dcm[1])
    away = min(math.hypot(x - sole.position[0], y - sole.position[1]) for sole in soles.values())
    tilt = math.acos(min(max(float(torso.rotation[2, 2]), -1.0), 1.0))
    return Danger(error, away, tilt, is_infeasible)


def crouched(config: FallbackConfig, asked: WholeBodyTarget, *, walking: bool) -> WholeBodyTarget:
    """Return a crouch with the arms by the body.

    Args:
        config: has its height.
        asked: what the robot was told; it keeps its grips.
        walking: whether the knees belong to the gait.
    """
    knees = {} if walking else {f"{side}_knee_joint": config.crouch_knee for side in SIDES}
    joints = {**_TUCKED, **knees}
    return WholeBodyTarget({}, joints, asked.grips, np.zeros(3), config.crouch_height)


class FallbackSupervisor:
    """Decides from tick to tick how far to fall back; sitting down is for good.

    Args:
        config: when to fall back.
        interventions: where each fallback is counted, with its reason.
        dt: period [s].
    """

    def __init__(self, config: FallbackConfig, interventions: Interventions, dt: float) -> None:
        self._config = config
        self._interventions = interventions
        self._dt = dt
        self.level = Fallback.NONE
        self.reason = ""
        """Why the present level was entered, as a sentence; empty for none."""
        self._lasting = self._calm = self._infeasible = 0.0

    def update(self, danger: Danger) -> Fallback:
        """Take in the danger of this tick and return the level."""
        self._infeasible = self._infeasible + self._dt if danger.is_infeasible else 0.0
        if self.level is Fallback.SIT:
            return self.level
        if why := self.lost(danger) or self._stuck():
            self._enter(Fallback.SIT, why)
        elif danger.dcm_error > self._config.hold_error:
            self._calm = 0.0
            if self.level is Fallback.NONE:
                self._enter(Fallback.HOLD, f"the DCM is {danger.dcm_error:.2f} m off its plan")
        elif self.level is not Fallback.NONE:
            self._calm += self._dt
        if self.level in (Fallback.HOLD, Fallback.CROUCH):
            self._last()
        return self.level

    def _last(self) -> None:
        self._lasting += self._dt
        if self._calm > self._config.hold_time:
            self._leave()
        elif self._calm > 0.0:
            return
        elif self.level is Fallback.HOLD and self._lasting > self._config.crouch_after:
            why = f"holding for {self._lasting:.1f} s did not bring the DCM back to its plan"
            self._enter(Fallback.CROUCH, why)
        elif self.level is Fallback.CROUCH and self._lasting > self._config.sit_after:
            why = f"holding and crouching for {self._lasting:.1f} s did not bring the DCM back"
            self._enter(Fallback.SIT, why)

    def demand(self, why: str) -> None:
        """Sit down because something beyond the balance layer wants it."""
        if self.level is not Fallback.SIT:
            self._enter(Fallback.SIT, why)

    def fall(self, why: str) -> None:
        """Add to the reason of sitting down why it has become a fall."""
        if why not in self.reason:
            self.reason = f"{self.reason}; then {why}"
            self._interventions.latest["sit"] = f"Sitting down: {self.reason}."

    def lost(self, danger: Danger) -> str:
        """Say why no step can save the robot; an empty string where one might."""
        config = self._config
        if danger.tilt > config.sit_tilt:
            return f"the trunk leans by {np.degrees(danger.tilt):.0f} degrees"
        if danger.dcm_distance > config.sit_distance:
            return f"the DCM is {danger.dcm_distance:.2f} m from the feet: no step reaches it"
        return ""

    def _stuck(self) -> str:
        if self._infeasible > self._config.stuck_after:
            return f"no motion has been within all limits for {self._infeasible:.2f} s"
        return ""

    def _enter(self, level: Fallback, why: str) -> None:
        self.level, self.reason = level, why
        self._calm = 0.0
        match level:
            case Fallback.HOLD:
                self._lasting = 0.0
                self._interventions.add(Intervention("hold", f"Holding: {why}."))
            case Fallback.CROUCH:
                self._interventions.add(Intervention("crouch", f"Crouching: {why}."))
            case _:
                self._interventions.add(Intervention("sit", f"Sitting down: {why}."))

    def _leave(self) -> None:
        self.level, self.reason = Fallback.NONE, ""
