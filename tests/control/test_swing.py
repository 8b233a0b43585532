import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vla_humanoid.control.swing import SwingFoot
from vla_humanoid.schema import FloatArray

DT, TIME, CLEARANCE = 0.004, 0.36, 0.05
START = np.array([0.3, -0.1, 0.02, 0.4])
HORIZONTAL = [0, 1, 3]
moves = arrays(np.float64, 4, elements=st.floats(-1.0, 1.0)).map(
    lambda unit: START + unit * (0.4, 0.3, 0.06, 0.6)
)
moments = st.floats(0.02, TIME - SwingFoot.FROZEN - 2.0 * DT)


class Path:
    """What a foot does on its way to a target, which may be another one after a while."""

    def __init__(
        self, target: FloatArray, later: FloatArray | None = None, switch: float = TIME
    ) -> None:
        foot = SwingFoot(START, CLEARANCE)
        positions, velocities, accelerations = [foot.position.copy()], [], []
        for i in range(round(TIME / DT)):
            time = i * DT
            aim = later if later is not None and time >= switch else target
            foot.advance(aim, TIME - time, DT)
            positions.append(foot.position.copy())
            velocities.append(foot.velocity.copy())
            accelerations.append(foot.acceleration.copy())
        self.foot = foot
        self.positions = np.array(positions)
        self.velocities = np.array([np.zeros(4), *velocities])
        self.accelerations = np.array(accelerations)

    def assert_continuous(self) -> None:
        """Velocities are the rate of positions, and neither jumps."""
        steps = np.diff(self.positions, axis=0)
        mean = 0.5 * (self.velocities[1:] + self.velocities[:-1]) * DT
        assert np.abs(steps - mean)[:-1].max() < 1e-3
        assert np.abs(np.diff(self.velocities[:, HORIZONTAL], axis=0))[:-1].max() < 200.0 * DT


@given(moves)
def test_the_foot_comes_to_rest_at_its_target(target: FloatArray) -> None:
    path = Path(target)
    assert path.positions[-1] == pytest.approx(target, abs=1e-4)
    assert path.velocities[-1] == pytest.approx(np.zeros(4), abs=0.01)
    assert path.foot.progress == pytest.approx(1.0)
    path.assert_continuous()


@given(moves)
def test_it_rises_over_the_line_between_both_places(target: FloatArray) -> None:
    path = Path(target)
    rise = np.linspace(0.0, 1.0, len(path.positions))
    line = START[2] + (target[2] - START[2]) * rise
    middle = len(path.positions) // 2
    height = path.positions[middle, 2]
    if abs(target[2] - START[2]) <= 0.02:
        assert height == pytest.approx(line[middle] + CLEARANCE, abs=2e-3)
    else:  # Half way the foot is well above the higher place, so that it clears an edge.
        assert height > max(START[2], target[2]) + CLEARANCE
    assert path.positions[:, 2].min() >= min(START[2], target[2]) - 1e-9


@given(moves, moves, moments)
@settings(max_examples=50)
def test_a_target_that_moves_on_the_way_makes_no_jump_and_is_met_all_the_same(
    first: FloatArray, second: FloatArray, moment: float
) -> None:
    path = Path(first, second, moment)
    assert path.positions[-1, HORIZONTAL] == pytest.approx(second[HORIZONTAL], abs=2e-3)
    assert path.positions[-1, 2] == pytest.approx(second[2], abs=1e-6)
    # However late the change: the foot accelerates, but neither position nor velocity jumps.
    steps = np.diff(path.positions[:, HORIZONTAL], axis=0)
    mean = 0.5 * DT * (path.velocities[1:] + path.velocities[:-1])[:, HORIZONTAL]
    hardest = np.abs(path.accelerations[:, HORIZONTAL]).max()
    assert np.abs(steps - mean).max() <= 0.5 * DT**2 * hardest + 1e-6
    speeds = np.diff(path.velocities[:, HORIZONTAL], axis=0)
    assert np.abs(speeds).max() <= 1.5 * DT * hardest + 1e-6


def test_just_before_it_lands_a_foot_no_longer_turns_aside() -> None:
    target = START + np.array([0.2, 0.0, 0.0, 0.0])
    aside = target + np.array([0.0, 0.3, 0.0, 0.0])
    path = Path(target, aside, TIME - 0.9 * SwingFoot.FROZEN)
    assert path.positions[-1] == pytest.approx(target, abs=1e-4)


def test_a_foot_that_has_less_time_than_planned_is_there_in_time() -> None:
    foot, target = SwingFoot(START, CLEARANCE), START + np.array([0.2, 0.1, 0.0, 0.2])
    remaining = TIME
    while remaining > 1e-9:
        foot.advance(target, remaining, DT)
        remaining -= DT
        if abs(remaining - 0.2) < 0.5 * DT:
            remaining = 0.12
    assert foot.position == pytest.approx(target, abs=1e-3)


def test_a_foot_that_has_not_found_the_ground_sinks_straight_down() -> None:
    path = Path(START + np.array([0.2, 0.0, 0.0, 0.0]))
    foot, before = path.foot, path.foot.position.copy()
    for _ in range(10):
        foot.descend(0.15, DT)
    assert foot.position == pytest.approx(before - np.array([0.0, 0.0, 0.15 * 10 * DT, 0.0]))
    assert foot.velocity == pytest.approx([0.0, 0.0, -0.15, 0.0])
