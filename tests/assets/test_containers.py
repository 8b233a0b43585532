from typing import get_args

import mujoco
import numpy as np
import pytest
from things import HEIGHT, box, compiled, on_table, run, thing

from vla_humanoid.assets.containers import CONTAINERS, Disc, Rectangle
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import ContainerShape, Shape

CONTAINER_SHAPES: tuple[ContainerShape, ...] = get_args(ContainerShape)
SHAPES: tuple[Shape, ...] = get_args(Shape)
DROP = 0.02


def test_every_container_is_in_the_library() -> None:
    assert tuple(CONTAINERS) == CONTAINER_SHAPES


def test_regions_know_what_they_cover() -> None:
    assert Disc(0.1).covers(0.06, 0.07)
    assert not Disc(0.1).covers(0.08, 0.08)
    assert Rectangle(0.1, 0.05).covers(-0.09, 0.04)
    assert not Rectangle(0.1, 0.05).covers(0.04, 0.09)


@pytest.mark.parametrize("shape", CONTAINER_SHAPES)
def test_two_containers_fit_beside_each_other(shape: ContainerShape) -> None:
    model = CONTAINERS[shape]
    assert 0.08 <= model.footprint_radius <= 0.1125
    assert 0.2 <= model.mass <= 0.5
    assert model.floor_height < model.rim_height
    assert sum(part.mass_share for part in model.parts) == pytest.approx(1.0)


def test_containers_rest_still() -> None:
    boxes = (
        box(shape, 0.4 + 0.24 * (i % 2), -0.2 + 0.4 * (i // 2))
        for i, shape in enumerate(CONTAINER_SHAPES)
    )
    model = compiled(on_table(*boxes))
    data = mujoco.MjData(model)
    run(model, data, 0.5)
    before = data.qpos.copy()
    run(model, data, 3.0)
    assert np.abs(data.qpos - before).max() < 1e-5
    assert np.abs(data.qpos.reshape(-1, 7)[:, 2] - HEIGHT).max() < 5e-4


@pytest.mark.parametrize("container_shape", CONTAINER_SHAPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_dropped_into_a_container_stays_there(
    container_shape: ContainerShape, shape: Shape
) -> None:
    container = CONTAINERS[container_shape]
    item = thing(shape, 0.46, 0.012, above=container.floor_height + DROP, friction=0.7)
    model = compiled(on_table(item, box(container_shape)))
    data = mujoco.MjData(model)
    run(model, data, 1.5)
    object_pose, container_pose = data.body(item.name), data.body(container_shape)
    inside = container_pose.xmat.reshape(3, 3).T @ (object_pose.xpos - container_pose.xpos)
    assert container.inner.covers(inside[0], inside[1])
    assert container.floor_height < inside[2] < container.rim_height + OBJECTS[shape].half_height
    assert np.linalg.norm(data.joint(f"{item.name}_joint").qvel[:3]) < 0.01
    assert np.linalg.norm(container_pose.xpos[:2] - [0.45, 0.0]) < 0.002


@pytest.mark.parametrize("scale", [0.9, 1.1])
@pytest.mark.parametrize("shape", CONTAINER_SHAPES)
def test_things_rest_on_the_declared_floor(shape: ContainerShape, scale: float) -> None:
    floor = scale * CONTAINERS[shape].floor_height
    item = thing("can", above=floor)
    model = compiled(on_table(item, box(shape, scale=scale)))
    data = mujoco.MjData(model)
    run(model, data, 0.5)
    assert data.body("can").xpos[2] == pytest.approx(item.position[2], abs=5e-4)
