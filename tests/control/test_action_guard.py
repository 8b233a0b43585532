import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vla_humanoid.assets.figures import JOINT_RANGES
from vla_humanoid.control.action_guard import ActionGuard
from vla_humanoid.control.interventions import Interventions
from vla_humanoid.schema import FloatArray, action_spec

SPEC = action_spec("end_effector", JOINT_RANGES)
anything = arrays(np.float64, SPEC.dim, elements=st.floats(allow_nan=True, allow_infinity=True))


def guard() -> tuple[ActionGuard, Interventions]:
    interventions = Interventions()
    return ActionGuard(SPEC, interventions), interventions


def entry(name: str) -> int:
    return [field.name for field in SPEC.fields].index(name)


@given(st.lists(anything, max_size=5))
def test_only_finite_entries_within_bounds_pass(actions: list[FloatArray]) -> None:
    checking, _ = guard()
    for action in [np.zeros(SPEC.dim), *actions]:
        checked = checking.checked(action)
        assert checked is not None
        assert np.isfinite(checked).all()
        assert (np.abs(checked) <= 1.0).all()
        is_fine = np.abs(action) <= 1.0
        np.testing.assert_array_equal(checked[is_fine], action[is_fine])


def test_what_is_fine_passes_unchanged_and_uncounted() -> None:
    checking, interventions = guard()
    action = np.linspace(-1.0, 1.0, SPEC.dim)
    np.testing.assert_array_equal(checking.checked(action), action)
    assert not interventions.counts


def test_entries_that_are_not_finite_keep_their_previous_value() -> None:
    checking, interventions = guard()
    checking.checked(np.full(SPEC.dim, 0.25))
    for bad in (np.nan, np.inf, -np.inf):
        action = np.full(SPEC.dim, 0.5)
        action[entry("left_wrist_z")] = bad
        checked = checking.checked(action)
        assert checked is not None
        assert checked[entry("left_wrist_z")] == 0.25
        assert (np.delete(checked, entry("left_wrist_z")) == 0.5).all()
    assert interventions.counts == {"not_finite": 3}
    assert "left_wrist_z" in interventions.latest["not_finite"]


def test_before_anything_was_given_there_is_nothing_to_keep() -> None:
    checking, interventions = guard()
    action = np.zeros(SPEC.dim)
    action[0] = np.nan
    assert checking.checked(action) is None
    assert interventions.counts == {"not_finite": 1}
    assert checking.checked(np.zeros(SPEC.dim)) is not None


def test_entries_beyond_the_bounds_are_clipped_and_named() -> None:
    checking, interventions = guard()
    checked = checking.checked(np.full(SPEC.dim, -7.0))
    assert checked is not None
    assert (checked == -1.0).all()
    assert interventions.counts == {"out_of_bounds": 1}
    assert f"and {SPEC.dim - 3} more" in interventions.latest["out_of_bounds"]


def test_what_was_clipped_is_kept_as_it_was_carried_out() -> None:
    checking, _ = guard()
    checking.checked(np.full(SPEC.dim, 9.0))
    checked = checking.checked(np.full(SPEC.dim, np.nan))
    assert checked is not None
    assert (checked == 1.0).all()


def test_a_policy_may_write_all_its_actions_into_one_array() -> None:
    checking, _ = guard()
    action = np.full(SPEC.dim, 0.5)
    checking.checked(action)
    action[:] = np.nan
    checked = checking.checked(action)
    assert checked is not None
    assert (checked == 0.5).all()
