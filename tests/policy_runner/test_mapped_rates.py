"""Policies at another rate than ours, and steps that lead the same way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mapped_robot import ROBOT, WRIST, Foreign, done, mapping, query

from vla_humanoid.embodiment.rotations import multiplied, quats_from
from vla_humanoid.policy_runner.mapped.policy import MappedPolicy
from vla_humanoid.policy_runner.mapped.resampling import Resampler

RATES = st.sampled_from([3.0, 10.0, 15.0, 20.0, 30.0, 50.0])
X = {"right_wrist_x": {"index": 0, "unit": "m"}}


@pytest.mark.parametrize(
    ("resampling", "expected"),
    [
        ("linear", [0.0, 0.075, 0.15, 0.225, 0.3, 0.3]),
        ("hold", [0.0, 0.0, 0.1, 0.2, 0.3, 0.3]),
    ],
)
def test_targets_at_15_hz_become_targets_at_20(resampling: str, expected: list[float]) -> None:
    said = mapping(X, dim=1, rate=15, resampling=resampling)
    found = done(said, np.array([[0.0], [0.1], [0.2], [0.3], [0.3]]))
    np.testing.assert_allclose(found[:, WRIST[0]], expected, atol=1e-6)


@given(st.integers(1, 40), RATES)
def test_a_chunk_lasts_as_long_as_it_did(rows: int, rate: float) -> None:
    resampler = Resampler(rate, 20.0, linear=True)
    found = resampler.targets(np.ones((rows, 2)))
    assert len(found) == resampler.length(rows) >= 1
    assert len(found) / 20.0 <= max(rows / rate, 0.05) + 1e-9
    assert (rows - len(found) * rate / 20.0) / rate < 0.05
    assert (found == 1.0).all()


@given(st.integers(2, 20), RATES)
def test_steps_lead_to_the_same_place(rows: int, rate: float) -> None:
    """In all, but for what does not fit into whole steps of ours."""
    resampler = Resampler(rate, 20.0, linear=True)
    steps = np.tile([[0.01, -0.02]], (rows, 1))
    found = resampler.steps(steps)
    np.testing.assert_allclose(found, found[:1] * np.ones((len(found), 1)), atol=1e-9)
    np.testing.assert_allclose(found[0] * 20.0, steps[0] * min(rate, 20.0 * rows), atol=1e-9)
    turns = quats_from(np.tile([[0.0, 0.0, 0.03]], (rows, 1)), "rotvec")
    total = np.array([[1.0, 0.0, 0.0, 0.0]])
    for turn in resampler.turns(turns):
        total = multiplied(turn[None], total)
    expected = quats_from(
        np.array([[0.0, 0.0, 0.03 * min(len(found) * rate / 20.0, rows)]]), "rotvec"
    )
    np.testing.assert_allclose(np.abs((total * expected).sum()), 1.0, atol=1e-9)


def test_rotations_take_the_short_way() -> None:
    ends = quats_from(np.array([[0.0, 0.0, 3.0], [0.0, 0.0, -3.0]]), "rotvec")
    found = Resampler(10.0, 20.0, linear=True).rotations(ends)
    assert abs(found[1] @ quats_from(np.array([[0.0, 0.0, np.pi]]), "rotvec")[0]) > 1 - 1e-9


def test_steps_of_a_policy_are_steps_of_ours() -> None:
    entries = {
        "right_wrist_delta_position": {"indices": [0, 1, 2], "unit": "mm", "relative": True},
        "right_wrist_delta_rotation": {"indices": [3, 4, 5], "layout": "rotvec", "relative": True},
    }
    said = mapping(entries, dim=6, control_mode="right_arm")
    steps = np.array([[10.0, -5.0, 0.0, 0.0, 0.1, 0.0]])
    found = MappedPolicy(Foreign(steps), said).act(query())
    spec = ROBOT.actions["right_arm"]
    expected = [0.01, -0.005, 0.0, 0.0, 0.1, 0.0]
    np.testing.assert_allclose(spec.to_physical(found[0])[:6], expected, atol=1e-6)
