import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_stances import standing

from vla_humanoid.tasks.core.predicates import is_standing_still
from vla_humanoid.tasks.core.stance import Stance, stance_of, wrapped

places = st.floats(-5.0, 5.0)
HERE = Stance(1.0, -2.0, 0.5)


@given(places, places, st.floats(-3.1, 3.1))
def test_the_stance_is_midway_between_the_soles(x: float, y: float, yaw: float):
    stance = stance_of(standing(Stance(x, y, yaw)).robot)
    assert (stance.x, stance.y, stance.yaw) == pytest.approx((x, y, yaw), abs=1e-9)


@given(places, places, st.floats(-3.1, 3.1), st.floats(0.1, 4.0), st.floats(-3.1, 3.1))
def test_distance_and_bearing_lead_to_the_point(
    x: float, y: float, yaw: float, distance: float, bearing: float
):
    stance = Stance(x, y, yaw)
    point = (
        x + distance * math.cos(yaw + bearing),
        y + distance * math.sin(yaw + bearing),
    )
    assert stance.distance(*point) == pytest.approx(distance)
    assert stance.bearing(*point) == pytest.approx(bearing)


@given(st.floats(-20.0, 20.0))
def test_angles_are_wrapped_to_half_a_turn(angle: float):
    assert -math.pi <= wrapped(angle) < math.pi
    turns = (angle - wrapped(angle)) / (2 * math.pi)
    assert turns == pytest.approx(np.round(turns), abs=1e-9)


def test_standing_still_takes_both_feet_and_no_motion():
    assert is_standing_still(standing(HERE).robot)
    assert not is_standing_still(standing(HERE, speed=0.11).robot)
    assert not is_standing_still(standing(HERE, loads=(340.0, 0.0)).robot)
    assert not is_standing_still(standing(HERE, loads=(20.0, 320.0)).robot)
    assert not is_standing_still(standing(HERE, pelvis_height=0.3).robot)
