import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.control.footholds import NoFoothold
from vla_humanoid.control.footstep_velocity import (
    NOMINAL_WIDTH,
    attainable_velocity,
    step_for_velocity,
)
from vla_humanoid.control.footsteps import OUTWARD, Footstep, StepReach, offset, turned, wrapped
from vla_humanoid.control.height_map import HeightMap

REACH = StepReach()

commands = st.tuples(st.floats(-0.5, 0.5), st.floats(-0.3, 0.3), st.floats(-1.0, 1.0)).map(np.array)
durations = st.floats(0.4, 0.7)
sides = st.sampled_from(["left", "right"])
headings = st.floats(-math.pi, math.pi)


def start(side: str, yaw: float = 0.0) -> Footstep:
    return Footstep(side, np.array([0.3, OUTWARD[side] * 0.5 * NOMINAL_WIDTH, 0.02]), yaw)


def walk(support: Footstep, velocity: np.ndarray, duration: float, count: int) -> list[Footstep]:
    steps = [support]
    for _ in range(count):
        steps.append(step_for_velocity(steps[-1], velocity, duration, REACH))
    return steps


@given(sides, headings, commands, durations)
def test_every_step_is_within_reach(
    side: str, yaw: float, velocity: np.ndarray, duration: float
) -> None:
    steps = walk(start(side, yaw), velocity, duration, 6)
    for support, step in pairwise(steps):
        assert step.side != support.side
        assert REACH.allows(support, step)
        assert step.position[2] == support.position[2]


@given(sides, headings, commands, durations)
def test_two_steps_move_the_body_by_exactly_the_velocity(
    side: str, yaw: float, velocity: np.ndarray, duration: float
) -> None:
    velocity = velocity * [1.0, 1.0, 0.0]
    steps = walk(start(side, yaw), velocity, duration, 4)
    vx, vy, _ = attainable_velocity(velocity, duration, REACH)
    moved = offset(steps[2], steps[4].position)
    assert moved == pytest.approx((2.0 * duration * vx, 2.0 * duration * vy), abs=1e-9)


@given(sides, headings, commands, durations)
def test_two_steps_turn_the_body_by_exactly_the_velocity(
    side: str, yaw: float, velocity: np.ndarray, duration: float
) -> None:
    steps = walk(start(side, yaw), velocity, duration, 4)
    turn = 2.0 * duration * attainable_velocity(velocity, duration, REACH)[2]
    assert wrapped(steps[4].yaw - steps[2].yaw - turn) == pytest.approx(0.0, abs=1e-9)


@given(sides, st.floats(0.2, 0.4), st.floats(0.1, 0.4), durations)
def test_both_feet_go_around_the_center_of_the_bend(
    side: str, vx: float, wz: float, duration: float
) -> None:
    velocity = np.array([vx, 0.0, wz])
    steps = walk(start(side), velocity, duration, 5)
    turn = 2.0 * duration * float(attainable_velocity(velocity, duration, REACH)[2])
    centers = [_fixed_point(steps[i].position[:2], steps[i + 2].position[:2], turn) for i in (2, 3)]
    assert np.allclose(centers[0], centers[1], atol=1e-7)
    radii = [float(np.hypot(*(step.position[:2] - centers[0]))) for step in steps[2:4]]
    assert 0.5 * sum(radii) == pytest.approx(vx / wz, abs=1e-7)


def _fixed_point(before: np.ndarray, after: np.ndarray, angle: float) -> np.ndarray:
    """Return the point about which a turn takes one point to the other."""
    turning = np.column_stack([turned(axis, angle) for axis in np.eye(2)])
    return np.linalg.solve(np.eye(2) - turning, after - turning @ before)


@pytest.mark.parametrize(
    "velocity", [(0.5, 0.0, 0.0), (0.0, 0.2, 0.0), (0.0, -0.2, 0.0), (0.0, 0.0, 0.5)]
)
def test_the_speeds_to_be_walked_need_no_slowing(velocity: tuple[float, float, float]) -> None:
    wanted = np.array(velocity)
    assert np.array_equal(attainable_velocity(wanted, 0.6, REACH), wanted)


@pytest.mark.parametrize(
    ("velocity", "attained"),
    [
        ((0.0, 0.3, 0.0), 0.5 * (REACH.wide - REACH.narrow) / 0.6),
        ((0.0, 0.0, 1.0), 0.5 * (REACH.turn_in + REACH.turn_out) / 0.6),
        ((-0.5, 0.0, 0.0), REACH.backward / 0.6),
    ],
)
def test_faster_ones_are_slowed_to_what_a_pair_of_steps_attains(
    velocity: tuple[float, float, float], attained: float
) -> None:
    slowed = attainable_velocity(np.array(velocity), 0.6, REACH)
    assert np.abs(slowed).max() == pytest.approx(attained, rel=2e-3)


@given(commands, durations)
def test_slowing_keeps_the_direction(velocity: np.ndarray, duration: float) -> None:
    slowed = attainable_velocity(velocity, duration, REACH)
    share = np.linalg.norm(slowed) / max(float(np.linalg.norm(velocity)), 1e-12)
    assert np.allclose(slowed, share * velocity, atol=1e-12)
    assert share <= 1.0 + 1e-12
    assert share > 0.3 or np.linalg.norm(velocity) < 1e-9


def test_standing_puts_the_feet_side_by_side() -> None:
    support = start("left", 0.4)
    step = step_for_velocity(support, np.zeros(3), 0.6, REACH)
    assert offset(support, step.position) == pytest.approx((0.0, -NOMINAL_WIDTH))
    assert step.yaw == pytest.approx(0.4)


def test_turning_in_place_keeps_the_feet_at_their_places() -> None:
    steps = walk(start("right"), np.array([0.0, 0.0, 0.4]), 0.6, 40)
    middles = [0.5 * (a.position + b.position)[:2] for a, b in pairwise(steps)]
    assert np.ptp(middles, axis=0).max() < 0.03


def test_side_steps_alternate_wide_and_narrow() -> None:
    steps = walk(start("right"), np.array([0.0, 0.2, 0.0]), 0.6, 4)
    widths = [abs(b.position[1] - a.position[1]) for a, b in pairwise(steps)]
    assert widths[0] == pytest.approx(widths[2]) == pytest.approx(widths[1] + 0.24)


def test_a_step_on_ground_is_level_and_at_its_height() -> None:
    ground = HeightMap.flat(((-1.0, 2.0), (-1.0, 1.0)))
    ground = ground.with_box(np.array([1.0, 0.0]), (1.0, 2.0), 0.0, 0.05)
    steps = [Footstep("left", np.array([0.0, 0.5 * NOMINAL_WIDTH, 0.0]), 0.0)]
    for _ in range(6):
        steps.append(
            step_for_velocity(steps[-1], np.array([0.3, 0.0, 0.0]), 0.6, REACH, ground=ground)
        )
        assert REACH.allows(steps[-2], steps[-1])
        assert ground.level(steps[-1]) == steps[-1].position[2]
    assert steps[-1].position[2] == 0.05


def test_before_an_obstacle_the_foot_is_put_beside_the_other() -> None:
    ground = HeightMap.flat(((-1.0, 2.0), (-1.0, 1.0)))
    ground = ground.with_box(np.array([1.0, 0.0]), (1.5, 2.0), 0.0, 0.8)
    support = Footstep("left", np.array([0.05, 0.5 * NOMINAL_WIDTH, 0.0]), 0.0)
    step = step_for_velocity(support, np.array([0.5, 0.0, 0.0]), 0.6, REACH, ground=ground)
    assert offset(support, step.position)[0] < 0.08


def test_no_ground_at_all_is_said() -> None:
    ground = HeightMap.flat(((-1.0, 1.0), (-1.0, 1.0)))
    with pytest.raises(NoFoothold, match=r"right foot .* \(3.00, 0.00\)"):
        step_for_velocity(
            Footstep("left", np.array([3.0, 0.0, 0.0]), 0.0), np.zeros(3), 0.6, REACH, ground=ground
        )


@pytest.mark.parametrize(
    ("velocity", "duration", "width", "message"),
    [
        (np.array([np.nan, 0.0, 0.0]), 0.6, NOMINAL_WIDTH, "finite"),
        (np.zeros(2), 0.6, NOMINAL_WIDTH, "three"),
        (np.zeros(3), 0.0, NOMINAL_WIDTH, "above 0 s"),
        (np.zeros(3), 0.6, 0.1, "within reach"),
    ],
)
def test_bad_input_is_refused(
    velocity: np.ndarray, duration: float, width: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        step_for_velocity(start("left"), velocity, duration, REACH, width)
