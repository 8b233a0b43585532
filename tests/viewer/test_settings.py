from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.tasks.core.randomization import AXES
from vla_humanoid.tasks.language.instruction import INSTRUCTION_CHARSET, INSTRUCTION_MAX_LENGTH
from vla_humanoid.viewer.errors import InvalidSetting
from vla_humanoid.viewer.settings import (
    LARGEST_SEED,
    SessionSettings,
    ordered_axes,
    parse_policy,
    parse_seed,
    plain_sentence,
)


@given(st.integers(0, LARGEST_SEED), st.sampled_from(["", " ", "\t"]))
def test_whole_numbers_are_seeds(seed: int, space: str) -> None:
    assert parse_seed(f"{space}{seed}{space}") == seed


@given(st.text(max_size=20))
def test_any_other_text_is_refused_as_a_seed(text: str) -> None:
    if not (text.strip().isascii() and text.strip().isdecimal()):
        with pytest.raises(InvalidSetting, match="whole number from 0") as refused:
            parse_seed(text)
        assert refused.value.field == "seed"


@pytest.mark.parametrize("text", ["-1", "1.0", "1e3", "", "٣", str(LARGEST_SEED + 1), "9" * 5000])
def test_near_misses_of_seeds_are_refused(text: str) -> None:
    with pytest.raises(InvalidSetting, match="seed"):
        parse_seed(text)


@given(st.text(max_size=200))
def test_a_sentence_fits_the_instruction_space_or_is_refused(text: str) -> None:
    plain = " ".join(text.split())
    if set(plain) <= INSTRUCTION_CHARSET and len(plain) <= INSTRUCTION_MAX_LENGTH:
        assert plain_sentence(text) == plain
    else:
        with pytest.raises(InvalidSetting) as refused:
            plain_sentence(text)
        assert refused.value.field == "sentence"


def test_what_is_wrong_with_a_sentence_is_shown() -> None:
    with pytest.raises(InvalidSetting, match="'@'"):
        plain_sentence("put it @ the plate")
    with pytest.raises(InvalidSetting, match=f"{INSTRUCTION_MAX_LENGTH + 1} characters"):
        plain_sentence("x" * (INSTRUCTION_MAX_LENGTH + 1))


def test_axes_are_put_in_order() -> None:
    assert ordered_axes(reversed(AXES)) == AXES
    assert ordered_axes(("default",)) == AXES
    assert ordered_axes(("none",)) == ()
    with pytest.raises(InvalidSetting, match="'gravity'"):
        ordered_axes(("gravity",))


def test_a_policy_is_one_that_there_is() -> None:
    assert parse_policy("server") == "server"
    with pytest.raises(InvalidSetting, match="expert, checkpoint, server"):
        parse_policy("teleoperation")


@pytest.mark.parametrize(
    ("field", "value", "valid"),
    [
        ("task", "PickPlaice", "PickPlace"),
        ("seed", -1, "0 to"),
        ("seed", True, "0 to"),
        ("sentence", "two  spaces", "two spaces"),
        ("policy", "oracle", "expert"),
        ("randomization", ("gravity",), "lighting"),
        ("randomization", (AXES[1], AXES[0]), "order"),
        ("control_mode", "joints", "end_effector"),
        ("cameras", ("front",), "head"),
        ("image_size", 8, "16"),
        ("engine", "bullet", "mujoco"),
        ("engine", "isaaclab", "one world each"),
    ],
)
def test_every_setting_is_checked_by_name(field: str, value: object, valid: str) -> None:
    good = SessionSettings()
    with pytest.raises(InvalidSetting, match=valid) as refused:
        replace(good, **{field: value})
    assert refused.value.field == field


def test_a_task_that_walks_needs_a_mode_that_walks() -> None:
    with pytest.raises(InvalidSetting, match="end_effector, arm_joints"):
        SessionSettings(task="WalkToTarget", control_mode="right_arm")
