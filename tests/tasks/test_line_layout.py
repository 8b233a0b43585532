import math
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.scene import FloorPath
from vla_humanoid.tasks.core.line_layout import (
    APART,
    BEND,
    BENDS,
    LENGTH,
    NEAR_START,
    START_DISTANCE,
    sample_lines,
)
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.stance import wrapped


def sample(seed: int, *off: str) -> tuple[FloorPath, ...]:
    return sample_lines(EpisodeRandom(seed, DEFAULT_AXES - set(off)))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31))
def test_lines_begin_near_the_robot_and_bend_a_little(seed: int):
    lines = sample(seed)
    assert 2 <= len(lines) <= 3
    assert len({line.color for line in lines}) == len(lines)
    for found in lines:
        line = Polyline(found.points)
        assert LENGTH[0] - 1e-9 <= line.length <= LENGTH[1] + 1e-9
        assert math.hypot(*found.points[0]) == pytest.approx(START_DISTANCE)
        bends = [abs(wrapped(b - a)) for a, b in pairwise(line.headings)]
        assert BENDS[0] <= len(bends) <= BENDS[1]
        assert all(BEND[0] - 1e-9 <= bend <= BEND[1] + 1e-9 for bend in bends)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31))
def test_lines_go_different_ways(seed: int):
    lines = [Polyline(line.points) for line in sample(seed)]
    for a, b in permutations(lines, 2):
        x, y = a.at(a.length)
        assert b.nearest(x, y)[1] >= APART
        x, y = a.at(NEAR_START)
        assert b.nearest(x, y)[1] >= APART


def test_axes_change_what_they_stand_for():
    assert len(sample(0, "distractors")) == 2
    assert sample(0)[:2] == sample(0, "distractors")
    assert sample(1, "object_pose")[0].points == sample(2, "object_pose")[0].points
    assert sample(1)[0].points != sample(2)[0].points
