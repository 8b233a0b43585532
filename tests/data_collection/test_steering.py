import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.data_collection.skills.feet import ENOUGH
from vla_humanoid.data_collection.skills.steering import CRUISE, SIDEWAYS, TURNING, along, towards
from vla_humanoid.schema import FloatArray
from vla_humanoid.tasks.core.line_layout import sample_lines
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.stance import Stance, wrapped

STEP_TIME = 0.48
"""Of the gait [s]."""

places = st.builds(Stance, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(-3.1, 3.1))
START = Stance(0.0, 0.0, 0.0)


def stepped(stance: Stance, velocity: FloatArray) -> Stance:
    """The stance after one footstep of a robot that does as it is told."""
    x, y, turn = (velocity * STEP_TIME).tolist()
    yaw = stance.yaw + 0.5 * turn
    return Stance(
        stance.x + x * math.cos(yaw) - y * math.sin(yaw),
        stance.y + x * math.sin(yaw) + y * math.cos(yaw),
        wrapped(stance.yaw + turn),
    )


@given(places)
def test_a_place_nearby_is_reached_in_a_few_steps(place: Stance) -> None:
    stance, steps = START, 0
    while not ENOUGH.covers(stance, place):
        stance = stepped(stance, towards(place, stance, ENOUGH))
        steps += 1
        assert steps < 30


@given(places, places)
def test_velocities_are_within_their_limits_and_no_command_is_taken_for_standing(
    place: Stance, stance: Stance
) -> None:
    velocity = np.abs(towards(place, stance, ENOUGH))
    assert (velocity <= np.array([CRUISE, SIDEWAYS, TURNING]) + 1e-9).all()
    if not ENOUGH.covers(stance, place):
        assert np.hypot(*velocity[:2]) >= 0.049 or velocity[2] >= 0.079


def test_what_is_near_enough_costs_no_step() -> None:
    assert not towards(Stance(0.02, 0.0, 0.03), START, ENOUGH).any()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(-0.5, 0.5))
def test_a_line_is_walked_to_its_end_without_leaving_it(seed: int, yaw: float) -> None:
    (found, *_) = sample_lines(EpisodeRandom(seed, DEFAULT_AXES))
    line = Polyline(found.points)
    stance, walked = Stance(0.0, 0.0, yaw), 0.0
    for _ in range(60):
        reached, off = line.nearest(stance.x, stance.y, walked, walked + 0.4)
        walked = max(walked, reached)
        assert off < 0.45
        assert walked < 0.1 or off < 0.2
        if line.length - walked < 0.2:
            return
        stance = stepped(stance, along(line, walked, stance))
    raise AssertionError(f"Got only {walked:.2f} m along a line of {line.length:.2f} m.")


@pytest.mark.parametrize(("bearing", "sign"), [(2.0, 1.0), (-2.0, -1.0)])
def test_the_robot_turns_before_it_walks_another_way(bearing: float, sign: float) -> None:
    line = Polyline([(0.0, 0.0), (math.cos(bearing), math.sin(bearing))])
    vx, vy, turn = along(line, 0.0, START).tolist()
    assert (vx, vy) == (0.0, 0.0)
    assert turn * sign > 0.5


def test_the_robot_slows_down_before_the_end() -> None:
    line = Polyline([(0.0, 0.0), (2.0, 0.0)])
    far, near = (along(line, x, Stance(x, 0.0, 0.0))[0] for x in (0.0, 1.9))
    assert far == pytest.approx(CRUISE)
    assert near < 0.6 * CRUISE
