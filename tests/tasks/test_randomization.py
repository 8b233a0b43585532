import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.tasks.core.randomization import AXES, DEFAULT_AXES, EpisodeRandom, resolve_axes


def test_axes_from_words():
    assert resolve_axes("default") == DEFAULT_AXES == frozenset(AXES)
    assert resolve_axes("none") == frozenset()
    assert resolve_axes("camera") == frozenset({"camera"})
    assert resolve_axes(["camera", "lighting"]) == frozenset({"camera", "lighting"})


@pytest.mark.parametrize("words", ["weather", ["camera", "weather"], ["default", "camera"]])
def test_unknown_axes_are_refused_with_the_valid_ones(words: str | list[str]):
    with pytest.raises(ValueError, match=r"choose 'default', 'none', or some of lighting, colors"):
        resolve_axes(words)


@given(st.integers(0, 2**40), st.sampled_from(AXES), st.sets(st.sampled_from(AXES)))
def test_a_stream_depends_on_its_own_axis_alone(seed: int, axis: str, others: set[str]):
    some, only = frozenset(others | {axis}), frozenset({axis})
    first, second = (EpisodeRandom(seed, axes).stream(axis).random(4) for axes in (some, only))
    np.testing.assert_array_equal(first, second)


def test_streams_differ_by_name_and_seed():
    random = EpisodeRandom(3, DEFAULT_AXES)
    assert random.stream("goal").random() == random.stream("goal").random()
    assert random.stream("goal").random() != random.stream("instruction").random()
    assert random.stream("goal").random() != EpisodeRandom(4, DEFAULT_AXES).stream("goal").random()


def test_an_axis_that_is_off_is_the_same_in_every_episode():
    draws = {EpisodeRandom(seed, frozenset()).stream("camera").random() for seed in range(5)}
    assert len(draws) == 1


@given(st.integers(0, 2**40), st.text("abc", max_size=3))
def test_uniform_is_nominal_where_the_axis_is_off(seed: int, name: str):
    on, off = EpisodeRandom(seed, DEFAULT_AXES), EpisodeRandom(seed, frozenset())
    assert off.uniform("object_mass", (2.0, 3.0), 1.0, name) == 1.0
    assert 2.0 <= on.uniform("object_mass", (2.0, 3.0), 1.0, name) <= 3.0


def test_uniform_differs_by_what_it_belongs_to():
    random = EpisodeRandom(0, DEFAULT_AXES)
    values = {random.uniform("object_mass", (0.0, 1.0), 1.0, name) for name in ("", "a", "b")}
    assert len(values) == 3
