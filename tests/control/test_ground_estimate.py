import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_frames import frame

from vla_humanoid.assets.scene import floor_height
from vla_humanoid.control.ground_estimate import GroundEstimate
from vla_humanoid.control.robot_model import FrameMotion

DT = 0.004
slopes = st.floats(-math.radians(3.5), math.radians(3.5))


def sole_on(slope: tuple[float, float], x: float = 0.1, y: float = 0.12) -> FrameMotion:
    normal = np.array([-math.tan(slope[0]), -math.tan(slope[1]), 1.0])
    place = np.array([x, y, floor_height(slope, x, y)])
    return frame(place, 0.3, normal / np.linalg.norm(normal))


def felt(soles: list[FrameMotion], seconds: float) -> GroundEstimate:
    ground = GroundEstimate()
    for _ in range(round(seconds / DT)):
        ground.update(soles, DT)
    return ground


@given(slopes, slopes, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_soles_that_lie_on_a_slope_tell_how_high_it_is_elsewhere(
    along_x: float, along_y: float, x: float, y: float
) -> None:
    slope = (along_x, along_y)
    soles = [sole_on(slope), sole_on(slope, 0.1, -0.12)]
    ground = felt(soles, 3.0)
    height = ground.height_at(np.array([x, y]), soles[0].position)
    assert height == pytest.approx(floor_height(slope, x, y), abs=5e-4)
    assert np.linalg.norm(ground.normal) == pytest.approx(1.0)


def test_the_ground_is_level_until_it_has_been_felt() -> None:
    sole = sole_on((0.05, 0.0))
    assert GroundEstimate().height_at(np.array([1.0, 1.0]), sole.position) == sole.position[2]


def test_a_sole_that_rocks_for_a_moment_is_hardly_believed() -> None:
    normal = felt([sole_on((0.1, 0.0))], 0.04).normal
    assert math.acos(normal[2]) < 0.015


@given(st.floats(-1.2, 1.2), st.floats(-1.2, 1.2))
def test_nothing_is_believed_that_no_robot_could_walk_on(along_x: float, along_y: float) -> None:
    normal = felt([sole_on((along_x, along_y))], 1.0).normal
    assert math.asin(math.hypot(normal[0], normal[1])) <= 0.13
