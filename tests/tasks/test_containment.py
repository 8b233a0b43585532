import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_worlds import body, tipped

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, ContainerShape, GraspableObject, Shape, Table
from vla_humanoid.tasks.core.containment import contains, stands_on
from vla_humanoid.tasks.core.geometry import yaw_quat

TABLE = Table(height=0.7)
SPOT = np.array([0.36, 0.05, 0.7])
shapes = st.sampled_from(sorted(get_args(Shape)))
container_shapes = st.sampled_from(sorted(CONTAINERS))


def container(shape: ContainerShape, scale: float = 1.0) -> Container:
    return Container("box", shape, "blue", (0.0, 0.0, 1.0), (0.0, 0.0, 0.0), scale=scale)


def thing(shape: Shape) -> GraspableObject:
    return GraspableObject("thing", shape, "red", (1.0, 0.0, 0.0), (0.0, 0.0, 0.0))


@given(shapes, container_shapes, st.floats(0.85, 1.1), st.floats(-math.pi, math.pi))
def test_what_stands_on_the_floor_of_a_container_is_in_it(
    shape: Shape, container_shape: ContainerShape, scale: float, yaw: float
):
    rest = scale * CONTAINERS[container_shape].floor_height + OBJECTS[shape].half_height
    where = body(SPOT + np.array([0.0, 0.0, rest]))
    assert contains(
        container(container_shape, scale), body(SPOT, np.array(yaw_quat(yaw))), thing(shape), where
    )


@given(shapes, container_shapes, st.floats(0.1, 0.5))
def test_what_is_above_is_not_in(shape: Shape, container_shape: ContainerShape, height: float):
    carried = body(SPOT + np.array([0.0, 0.0, CONTAINERS[container_shape].rim_height + height]))
    assert not contains(container(container_shape), body(SPOT), thing(shape), carried)


@given(shapes, container_shapes, st.floats(-math.pi, math.pi))
def test_what_is_beside_is_not_in(shape: Shape, container_shape: ContainerShape, angle: float):
    away = CONTAINERS[container_shape].footprint_radius + 0.01
    beside = SPOT + np.array([away * math.cos(angle), away * math.sin(angle), 0.04])
    assert not contains(container(container_shape), body(SPOT), thing(shape), body(beside))


def test_the_inner_region_turns_with_the_container():
    # A tray is longer along its y axis.
    spot = body(SPOT + np.array([0.0, 0.075, 0.03]))
    turned = body(SPOT, np.array(yaw_quat(0.5 * math.pi)))
    assert contains(container("tray"), body(SPOT), thing("cube"), spot)
    assert not contains(container("tray"), turned, thing("cube"), spot)


@pytest.mark.parametrize(
    ("height", "lean", "standing"),
    [(0.0, 0.0, True), (0.01, 0.3, True), (0.0, 0.4, False), (0.05, 0.0, False)],
)
def test_a_container_stands_on_the_table(height: float, lean: float, standing: bool):
    state = body(SPOT + np.array([0.0, 0.0, height]), tipped(lean))
    assert stands_on(TABLE, state) is standing
