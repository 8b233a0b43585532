import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.floor import sample_floor
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import EpisodeRandom

seeds = st.integers(0, 2**40)


def test_a_floor_is_nominal_where_its_axes_are_off() -> None:
    assert sample_floor(EpisodeRandom(5, frozenset())) == (
        Scene().floor_friction,
        Scene().floor_slope,
    )


@given(seeds)
def test_floors_stay_within_what_a_robot_can_walk_on(seed: int) -> None:
    friction, slope = sample_floor(
        EpisodeRandom(seed, frozenset({"floor_friction", "floor_slope"}))
    )
    assert 0.4 <= friction <= 1.2
    assert all(abs(angle) <= math.radians(3.0) for angle in slope)
    assert slope[0] != slope[1]


@given(seeds)
def test_friction_and_slope_do_not_depend_on_each_other(seed: int) -> None:
    both, grip, tilt = (
        sample_floor(EpisodeRandom(seed, frozenset(axes)))
        for axes in (("floor_friction", "floor_slope"), ("floor_friction",), ("floor_slope",))
    )
    assert both == (grip[0], tilt[1])


def test_more_pushes_than_there_is_time_for_are_refused() -> None:
    with pytest.raises(ValueError, match=r"4 pushes 2.0 s apart take 6.0 s.*fewer or closer"):
        PushRanges(count=(1, 4), times=(1.0, 6.0), apart=2.0)
