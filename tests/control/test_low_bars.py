import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.footprints import Footprint, Footprints
from vla_humanoid.control.footsteps import Footstep, StepReach, turned
from vla_humanoid.control.gait_config import GaitConfig
from vla_humanoid.control.low_bars import LEAST_MARGIN, MARGIN, LowBars
from vla_humanoid.control.step_plan import StepPlan
from vla_humanoid.control.swing import SwingFoot
from vla_humanoid.schema import FloatArray

BAR = Footprint((1.0, 0.0), (0.02, 0.6), height=0.04)
BARS = LowBars([BAR])
REACH = StepReach()
HALF_WIDTH = 0.12


def foot(side: str, x: float, yaw: float = 0.0) -> Footstep:
    return Footstep(side, np.array([x, HALF_WIDTH if side == "left" else -HALF_WIDTH, 0.0]), yaw)


def gap(step: Footstep) -> float:
    """Distance from a sole to the bar, along x, negative where it is above it."""
    corners = np.array([turned(np.array(corner[:2]), step.yaw) for corner in g1().sole_corners])
    xs: FloatArray = step.position[0] + corners[:, 0]
    half = BAR.half_size[0] + g1().contact_radius
    return float(max(xs.min() - BAR.center[0] - half, BAR.center[0] - half - xs.max()))


@given(st.floats(0.3, 1.7), st.floats(-0.25, 0.4), st.floats(-0.2, 0.2))
def test_no_step_is_planned_onto_a_bar(x: float, ahead: float, yaw: float) -> None:
    support, wanted = foot("left", x), foot("right", x + ahead, yaw)
    step = BARS.cleared(support, wanted, REACH)
    assert gap(step) >= MARGIN - 1e-9 or step is wanted
    if gap(wanted) >= MARGIN:
        assert step is wanted


def test_the_far_side_is_preferred_where_it_is_within_reach() -> None:
    wanted = foot("right", 0.95)
    assert BARS.cleared(foot("left", 0.8), wanted, REACH).position[0] > 1.0
    assert BARS.cleared(foot("left", 0.6), wanted, REACH).position[0] < 1.0


def test_backwards_the_reach_is_too_short_and_the_feet_stay() -> None:
    step = BARS.cleared(foot("left", 1.12), foot("right", 1.0), REACH)
    assert step.position[0] == pytest.approx(1.12, abs=0.02)


def test_beside_a_bar_there_is_none() -> None:
    wanted = Footstep("right", np.array([1.0, 0.8, 0.0]), 0.0)
    assert BARS.cleared(foot("left", 0.8), wanted, REACH) is wanted


@given(st.floats(0.5, 1.5), st.booleans())
def test_a_landing_that_is_moved_stays_on_the_side_of_the_plan(x: float, is_before: bool) -> None:
    planned = foot("left", 0.8 if is_before else 1.2)
    place = BARS.landing(np.array([x, HALF_WIDTH]), planned)
    landed = Footstep("left", np.array([*place, 0.0]), 0.0)
    assert gap(landed) >= LEAST_MARGIN - 1e-9
    if place[0] != x:
        assert bool(place[0] < 1.0) == is_before


def test_a_foot_knows_what_it_passes_over() -> None:
    assert BARS.height_between(foot("left", 0.8), foot("left", 1.2)) == BAR.height
    assert BARS.height_between(foot("left", 0.4), foot("left", 0.8)) == 0.0
    assert LowBars().height_between(foot("left", 0.8), foot("left", 1.2)) == 0.0


def test_low_things_are_not_walked_around() -> None:
    assert Footprints([BAR]).clearance(np.array([0.9, 0.0])) == math.inf
    assert not LowBars([Footprint((1.0, 0.0), (0.02, 0.6))])


@pytest.mark.parametrize("speed", [0.15, 0.4])
@pytest.mark.parametrize("start", np.linspace(0.0, 0.2, 5).tolist())
def test_a_walk_crosses_without_landing_on_it(speed: float, start: float) -> None:
    plan = StepPlan(GaitConfig(), 0.004, BARS)
    plan.velocity = np.array([speed, 0.0, 0.0])
    support = foot("left", start)
    for _ in range(60):
        step = plan.upcoming(support, last=False).steps[0]
        assert REACH.allows(support, step)
        assert gap(step) >= MARGIN - 1e-9
        support = step
    assert support.position[0] > 1.5


@given(st.floats(0.02, 0.04), st.floats(0.0, 0.12))
def test_the_sole_is_above_the_bar_while_it_passes(height: float, nearer: float) -> None:
    """From right before the bar, or further, to right behind it."""
    bar = Footprint(BAR.center, BAR.half_size, height=height)
    figures, dt = g1(), 0.004
    xs = np.array(figures.sole_corners)[:, 0]
    toe, heel = xs.max() + figures.contact_radius, xs.min() - figures.contact_radius
    begin = bar.center[0] - bar.half_size[0] - MARGIN - toe - nearer
    end = bar.center[0] + bar.half_size[0] + MARGIN - heel
    swing = SwingFoot(np.array([begin, 0.0, 0.0, 0.0]), 0.05, over=height)
    remaining = GaitConfig().swing_time(height)
    while remaining > 0.0:
        swing.advance(np.array([end, 0.0, 0.0, 0.0]), remaining, dt)
        remaining -= dt
        ahead = swing.position[0] + toe > bar.center[0] - bar.half_size[0]
        behind = swing.position[0] + heel < bar.center[0] + bar.half_size[0]
        if ahead and behind:
            assert swing.position[2] > height + 0.01
