import subprocess
import sys
from dataclasses import replace
from typing import get_args

import mujoco
import numpy as np
import pytest
from things import HEIGHT, compiled, on_table, run, thing

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Shape, SpecialShape

SHAPES: tuple[Shape, ...] = get_args(Shape)
FINGERTIP_CLEARANCE = 0.012
WIDEST_GRASP = 0.065


def extent(item: GraspableObject, *, drawn: bool) -> np.ndarray:
    """Return the lowest and the highest coordinates of what is drawn or collides, body frame."""
    model = compiled(on_table(item))
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    body = model.body(item.name).id
    points: list[np.ndarray] = []
    for geom in range(model.ngeom):
        wanted = model.geom_group[geom] == 2 if drawn else model.geom_contype[geom] > 0
        if model.geom_bodyid[geom] != body or not wanted:
            continue
        if mesh := model.geom_dataid[geom] + 1:
            first, count = model.mesh_vertadr[mesh - 1], model.mesh_vertnum[mesh - 1]
            local = model.mesh_vert[first : first + count]
        else:
            center, half = model.geom_aabb[geom, :3], model.geom_aabb[geom, 3:]
            signs = np.stack(np.meshgrid(*[[-1.0, 1.0]] * 3), axis=-1).reshape(-1, 3)
            local = center + signs * half
        world = data.geom_xpos[geom] + local @ data.geom_xmat[geom].reshape(3, 3).T
        points.append((world - data.xpos[body]) @ data.xmat[body].reshape(3, 3))
    cloud = np.concatenate(points)
    return np.stack([cloud.min(axis=0), cloud.max(axis=0)])


def test_tasks_can_read_the_libraries_without_an_engine() -> None:
    code = (
        "import sys, vla_humanoid.assets.objects, vla_humanoid.assets.containers,"
        " vla_humanoid.assets.textures; sys.exit('mujoco' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_shape_is_in_the_library() -> None:
    assert tuple(OBJECTS) == (*SHAPES, *get_args(SpecialShape))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", [0.9, 1.1])
def test_a_hand_from_above_can_pinch_it(shape: Shape, scale: float) -> None:
    model = OBJECTS[shape]
    below_top = scale * (model.half_height - model.grasp_height)
    above_table = scale * (model.half_height + model.grasp_height)
    assert 0.022 <= below_top <= 0.035
    assert above_table >= FINGERTIP_CLEARANCE + 0.008
    assert 0.04 <= scale * model.grasp_width <= WIDEST_GRASP


@pytest.mark.parametrize("shape", SHAPES)
def test_grasp_width_is_that_of_what_collides(shape: Shape) -> None:
    """Rays from both ends of a grasp line hit the object a grasp width apart."""
    model_of_shape = OBJECTS[shape]
    item = replace(thing(shape), quat_wxyz=(1.0, 0.0, 0.0, 0.0))
    model = compiled(on_table(item))
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    center = np.add(item.position, (0.0, 0.0, model_of_shape.grasp_height))
    for yaw in model_of_shape.grasp_yaws or (0.0, 0.4, 1.7):
        direction = np.array([np.cos(yaw), np.sin(yaw), 0.0])
        free = 0.0
        for sign in (-1.0, 1.0):
            hit = np.zeros(1, dtype=np.int32)
            start = center - sign * 0.1 * direction
            free += mujoco.mj_ray(model, data, start, sign * direction, None, True, -1, hit)
        assert 0.2 - free == pytest.approx(model_of_shape.grasp_width, abs=0.002)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("drawn", [True, False])
def test_declared_size_covers_the_geometry_tightly(shape: Shape, drawn: bool) -> None:
    model, (low, high) = OBJECTS[shape], extent(thing(shape), drawn=drawn)
    assert high - low == pytest.approx(model.size, abs=0.004)
    assert low[2] == pytest.approx(-model.half_height, abs=0.001)
    scaled = extent(thing(shape, scale=1.1), drawn=drawn)
    assert scaled == pytest.approx(1.1 * np.stack([low, high]), abs=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_mass_shares_add_up_and_little_is_drawn(shape: Shape) -> None:
    parts = OBJECTS[shape].parts
    assert sum(part.mass_share for part in parts) == pytest.approx(1.0)
    assert sum(part.visible for part in parts) <= 5
    assert all(part.collides or part.mass_share == 0.0 for part in parts)


@pytest.mark.parametrize("scale", [0.9, 1.0, 1.1])
def test_every_object_rests_still_on_the_table(scale: float) -> None:
    spots = {
        shape: (0.34 + 0.14 * (i % 3), -0.35 + 0.2 * (i // 3)) for i, shape in enumerate(SHAPES)
    }
    scene = on_table(*(thing(shape, *spots[shape], scale=scale) for shape in SHAPES))
    model = compiled(scene)
    data = mujoco.MjData(model)
    run(model, data, 0.5)
    before = data.qpos.reshape(-1, 7).copy()
    run(model, data, 3.0)
    after = data.qpos.reshape(-1, 7)
    assert np.abs(after[:, :3] - before[:, :3]).max() < 1e-5
    assert np.abs(after[:, 3:] - before[:, 3:]).max() < 1e-5
    assert -data.contact.dist.min() < 5e-4


@pytest.mark.parametrize("shape", SHAPES)
def test_the_model_has_the_mass_of_the_description(shape: Shape) -> None:
    item = replace(thing(shape, scale=1.1), mass=0.2)
    model = compiled(on_table(item))
    assert model.body(item.name).subtreemass[0] == pytest.approx(0.2)
    assert np.all(model.body_inertia[model.body(item.name).id] > 1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_spinning_object_that_falls_gains_no_energy(shape: Shape) -> None:
    model = compiled(on_table(thing(shape, above=0.15)))
    model.opt.enableflags |= int(mujoco.mjtEnableBit.mjENBL_ENERGY)
    data = mujoco.MjData(model)
    data.qvel[:] = [0.3, -0.2, 0.0, 9.0, -12.0, 7.0]
    mujoco.mj_forward(model, data)
    before = data.energy.sum()
    for _ in range(20):
        run(model, data, 0.05)
        assert data.energy.sum() < before + 0.01
    assert data.qpos[2] > HEIGHT


def test_a_ball_comes_to_rest() -> None:
    model = compiled(on_table(thing("ball")))
    data = mujoco.MjData(model)
    data.qvel[0] = 0.2
    run(model, data, 2.0)
    assert np.abs(data.qvel).max() < 1e-3
    assert data.qpos[0] - 0.45 < 0.06
