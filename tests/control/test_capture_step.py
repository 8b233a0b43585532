import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.control.capture_step import StepSituation, adapt_step
from vla_humanoid.control.footsteps import OUTWARD, Footstep, StepReach, turned
from vla_humanoid.control.support_polygon import SupportPolygon
from vla_humanoid.control.zmp_plan import ZmpSegment, dcm_before
from vla_humanoid.schema import OTHER_SIDE, SIDES, FloatArray

REACH = StepReach()
SOLE = np.array([[-0.06, -0.03], [0.13, -0.03], [0.13, 0.03], [-0.06, 0.03]])


def along(support: Footstep, *point: float) -> FloatArray:
    """A point seen from a foot, in the world."""
    return support.position[:2] + turned(np.array(point), support.yaw)


@dataclass(frozen=True)
class Disturbed:
    """A step on its way, and how far the DCM is from where the plan has it now [m]."""

    situation: StepSituation
    disturbance: FloatArray


@st.composite
def planned_steps(draw: st.DrawFn, largest: float = 0.0) -> Disturbed:
    """A step within reach whose DCM is off its plan by the largest disturbance at most [m]."""

    def number(low: float, high: float) -> float:
        return draw(st.floats(low, high))

    support = Footstep(
        draw(st.sampled_from(SIDES)),
        np.array([number(-1.0, 1.0), number(-1.0, 1.0), 0.0]),
        number(-math.pi, math.pi),
    )
    side = OTHER_SIDE[support.side]
    outward = OUTWARD[side]
    landing = along(
        support,
        number(-REACH.backward, REACH.forward),
        outward * number(REACH.narrow, REACH.wide),
    )
    omega, remaining = number(3.0, 4.5), number(0.05, 0.36)
    sole = SupportPolygon(np.array([along(support, *corner) for corner in SOLE]))
    zmp = along(support, number(-0.04, 0.11), number(-0.02, 0.02))
    offset = turned(np.array([number(-0.1, 0.1), -outward * number(0.0, 0.15)]), support.yaw)
    dcm = dcm_before(ZmpSegment(remaining, zmp, zmp), landing + offset, omega)
    disturbance = turned(np.array([number(0.0, largest), 0.0]), number(-math.pi, math.pi))
    return Disturbed(
        StepSituation(
            dcm=dcm + disturbance,
            omega=omega,
            support=support,
            sole=sole,
            planned=Footstep(side, np.array([*landing, 0.0]), support.yaw),
            offset=offset,
            remaining=remaining,
            shortest=number(0.0, 0.25),
            reach=REACH,
            swing=along(support, number(-0.25, 0.4), outward * number(0.17, 0.42)),
            speed=2.5,
        ),
        disturbance,
    )


def dcm_at_touch_down(now: StepSituation, zmp: FloatArray, time: float) -> FloatArray:
    """Where the pendulum's DCM is when the foot lands, in small steps of its equation."""
    steps, dcm = 2000, now.dcm
    for _ in range(steps):
        middle = dcm + 0.5 * time / steps * now.omega * (dcm - zmp)
        dcm = dcm + time / steps * now.omega * (middle - zmp)
    return dcm


def least_miss(now: StepSituation) -> float:
    """By how much the best of many landings misses, if the foot may fly as fast as it likes."""
    corners = now.sole.vertices
    a, b, c = corners[0], corners[1] - corners[0], corners[-1] - corners[0]
    shares = np.linspace(0.0, 1.0, 12)
    zmps = np.array([a + s * b + t * c for s in shares for t in shares])
    first = min(now.shortest, now.remaining)
    misses = []
    for time in np.linspace(first, now.remaining, 9):
        growth = math.exp(now.omega * time)
        for ideal in zmps + (now.dcm - zmps) * growth - now.offset:
            nearest = now.reach.nearest(now.support, ideal, now.planned.side)
            misses.append(float(np.hypot(*(ideal - nearest))))
    return min(misses)


@given(planned_steps())
def test_a_step_that_goes_as_planned_lands_where_and_when_it_is_planned(step: Disturbed) -> None:
    now = replace(step.situation, speed=math.inf)
    adapted = adapt_step(now)
    assert adapted.position == pytest.approx(now.planned.position[:2], abs=1e-6)
    assert adapted.remaining == now.remaining
    assert adapted.miss == pytest.approx(0.0, abs=1e-6)


@given(planned_steps(largest=0.12))
def test_a_step_that_claims_to_catch_the_dcm_does(step: Disturbed) -> None:
    now = replace(step.situation, speed=math.inf)
    adapted = adapt_step(now)
    if adapted.remaining < 0.02:
        return  # The ZMP has no time to do anything.
    goal = adapted.position + now.offset
    growth = math.exp(now.omega * adapted.remaining)
    zmp = now.sole.project((now.dcm * growth - goal) / (growth - 1.0), 0.0)
    missed = float(np.hypot(*(dcm_at_touch_down(now, zmp, adapted.remaining) - goal)))
    assert missed <= adapted.miss + 1e-3


@given(planned_steps(largest=0.3))
@settings(max_examples=300)
def test_every_step_stays_within_reach_and_time(step: Disturbed) -> None:
    now = step.situation
    adapted = adapt_step(now)
    foot = Footstep(now.planned.side, np.array([*adapted.position, 0.0]), now.planned.yaw)
    slack = replace(
        REACH,
        backward=REACH.backward + 1e-9,
        forward=REACH.forward + 1e-9,
        narrow=REACH.narrow - 1e-9,
        wide=REACH.wide + 1e-9,
    )
    assert slack.allows(now.support, foot)
    assert min(now.shortest, now.remaining) - 1e-9 <= adapted.remaining <= now.remaining + 1e-9
    distance = float(np.hypot(*(adapted.position - now.swing)))
    assert distance <= now.speed * adapted.remaining + 1e-9


@given(planned_steps(largest=0.15))
@settings(max_examples=60, deadline=None)
def test_hardly_any_landing_would_have_caught_the_dcm_better(step: Disturbed) -> None:
    now = replace(step.situation, speed=math.inf)
    assert adapt_step(now).miss <= least_miss(now) + 0.01


def test_a_landing_between_the_times_that_are_tried_first_is_found() -> None:
    support = Footstep("right", np.zeros(3), 3.125)
    now = StepSituation(
        dcm=np.array([0.15864279, -0.04404425]),
        omega=3.0,
        support=support,
        sole=SupportPolygon(np.array([along(support, *corner) for corner in SOLE])),
        planned=Footstep("left", np.array([0.18462246, -0.17496232, 0.0]), 3.125),
        offset=np.array([0.00103699, 0.0624914]),
        remaining=0.3125,
        shortest=0.0625,
        reach=REACH,
        swing=np.array([-0.00414797, -0.24996559]),
        speed=math.inf,
    )
    assert adapt_step(now).miss <= least_miss(now) + 0.01


@pytest.mark.parametrize("side", SIDES)
def test_the_foot_goes_where_the_robot_falls(side: str) -> None:
    outward = OUTWARD[side]
    support = Footstep(OTHER_SIDE[side], np.zeros(3), 0.0)
    landing = np.array([0.1, outward * 0.24])
    zmp, omega, remaining = np.array([0.03, 0.0]), 3.6, 0.2
    offset = np.array([0.03, -outward * 0.06])
    now = StepSituation(
        dcm=dcm_before(ZmpSegment(remaining, zmp, zmp), landing + offset, omega),
        omega=omega,
        support=support,
        sole=SupportPolygon(SOLE),
        planned=Footstep(side, np.array([*landing, 0.0]), 0.0),
        offset=offset,
        remaining=remaining,
        shortest=0.1,
        reach=REACH,
        swing=landing,
        speed=2.5,
    )
    pushes = {"outward": np.array([0.0, outward * 0.08]), "ahead": np.array([0.15, 0.0])}
    for push in pushes.values():
        adapted = adapt_step(replace(now, dcm=now.dcm + push))
        shift = adapted.position - landing
        direction = push / np.hypot(*push)
        assert shift @ direction > 0.03
        # It goes no further aside than it has to.
        assert abs(shift[0] * direction[1] - shift[1] * direction[0]) < 0.01
    # What the sole can hold moves no foot.
    held = adapt_step(replace(now, dcm=now.dcm + np.array([0.01, 0.0])))
    assert held.position == pytest.approx(landing, abs=1e-6)


def test_a_landing_that_would_come_too_late_comes_earlier() -> None:
    support = Footstep("right", np.zeros(3), 0.0)
    now = StepSituation(
        dcm=np.array([0.25, 0.1]),
        omega=3.6,
        support=support,
        sole=SupportPolygon(SOLE),
        planned=Footstep("left", np.array([0.1, 0.24, 0.0]), 0.0),
        offset=np.array([0.03, -0.06]),
        remaining=0.3,
        shortest=0.1,
        reach=REACH,
        swing=np.array([0.3, 0.24]),
        speed=2.5,
    )
    adapted = adapt_step(now)
    assert 0.1 <= adapted.remaining < 0.3
    assert adapted.miss < adapt_step(replace(now, shortest=0.3)).miss
    # Once the shortest time has passed there is nothing left to choose.
    assert adapt_step(replace(now, remaining=0.05)).remaining == 0.05
