"""Step adaptation: where and when to put the foot down so that the DCM stays within reach.

A foot on the ground moves the DCM by ``xi(T) = z + (xi - z) exp(omega T)``. With the ZMP z anywhere
within the sole, the landing point follows from the offset between foothold and DCM that the plan
wants at touch-down. This is the condition of M. Khadiv, A. Herzog, S. Moosavian, L. Righetti, "Step
timing adjustment: a step toward generating robust gaits", Humanoids 2016, solved for one landing
time after another instead of by a quadratic program.
"""

import math
from dataclasses import dataclass

import numpy as np

from vla_humanoid.control.footsteps import Footstep, StepReach
from vla_humanoid.control.support_polygon import SupportPolygon
from vla_humanoid.schema import FloatArray

_GOOD_ENOUGH = 0.005
"""A step that misses the DCM by less needs no other landing time [m]."""
_SPACING = 0.25
"""Of the landing times that are tried first, as a part of the time that there is to choose from."""


@dataclass(frozen=True)
class StepSituation:
    """What is known while one foot swings.

    Args:
        dcm: measured [m], world frame, shape (2,).
        omega: natural frequency of the pendulum [rad/s].
        support: the foot on the ground.
        sole: where the ZMP may be, within the sole on the ground.
        planned: where the swinging foot should land.
        offset: from the foothold to the DCM that the plan wants at touch-down [m], shape (2,).
        remaining: planned time to touch-down [s].
        shortest: earliest possible touch-down [s].
        reach: where the foot may land.
        swing: where the swinging foot is [m], shape (2,).
        speed: how fast it can be moved [m/s].
    """

    dcm: FloatArray
    omega: float
    support: Footstep
    sole: SupportPolygon
    planned: Footstep
    offset: FloatArray
    remaining: float
    shortest: float
    reach: StepReach
    swing: FloatArray
    speed: float


@dataclass(frozen=True)
class AdaptedStep:
    """Where and when the foot lands.

    Args:
        position: of the sole [m], world frame, shape (2,).
        remaining: time to touch-down [s].
        miss: how far the DCM at touch-down is from what the plan can go on from [m].
    """

    position: FloatArray
    remaining: float
    miss: float


def adapt_step(now: StepSituation) -> AdaptedStep:
    """Return the landing nearest to the plan that catches the DCM, as late as possible."""
    best: AdaptedStep | None = None
    for time in _landing_times(now):
        step = _landing(now, time)
        if best is None or step.miss < best.miss - 1e-3:
            best = step
        if best.miss < _GOOD_ENOUGH:
            return best
    assert best is not None
    return min((best, *_between(now, best)), key=lambda step: step.miss)


def _landing_times(now: StepSituation) -> list[float]:
    if now.remaining <= now.shortest:
        return [now.remaining]
    earlier = now.remaining - now.shortest
    return [now.remaining - _SPACING * i * earlier for i in range(5)]


def _between(now: StepSituation, best: AdaptedStep) -> list[AdaptedStep]:
    """Return the landings half-way to the times before and after that of the best one."""
    half = 0.5 * _SPACING * max(0.0, now.remaining - now.shortest)
    times = (best.remaining + half, best.remaining - half)
    first = min(now.shortest, now.remaining)
    return [_landing(now, time) for time in times if half and first <= time <= now.remaining]


def _landing(now: StepSituation, time: float) -> AdaptedStep:
    growth = math.exp(now.omega * time)
    zmp = now.sole.center
    if growth > 1.01:
        # The ZMP that brings the foot down just where it is planned, as near as the sole allows.
        wanted = (now.dcm * growth - now.offset - now.planned.position[:2]) / (growth - 1.0)
        zmp = now.sole.project(wanted, 0.0)
    ideal = zmp + (now.dcm - zmp) * growth - now.offset
    position = now.reach.nearest(now.support, ideal, now.planned.side)
    way = position - now.swing
    distance = float(np.hypot(*way))
    furthest = now.speed * time
    if distance > furthest:
        position = now.swing + way * (furthest / distance)
    return AdaptedStep(position, time, float(np.hypot(*(ideal - position))))
