from dataclasses import replace
from typing import cast, get_args

import mujoco
import numpy as np
import pytest
from things import box, compiled, on_table, run, thing

from vla_humanoid.assets.scene import ContainerShape, Scene, Shape, Table
from vla_humanoid.assets.scenery import add_scene

SHAPES: tuple[Shape, ...] = get_args(Shape)
CONTAINER_SHAPES: tuple[ContainerShape, ...] = get_args(ContainerShape)


@pytest.fixture(scope="module")
def whole_library() -> mujoco.MjModel:
    objects = (thing(shape, 0.3, -0.5 + 0.1 * i) for i, shape in enumerate(SHAPES))
    containers = (box(shape, 0.6, -0.4 + 0.25 * i) for i, shape in enumerate(CONTAINER_SHAPES))
    return compiled(on_table(*objects, *containers))


def test_every_thing_is_a_free_body_of_its_name(whole_library: mujoco.MjModel) -> None:
    names = [shape.replace(" ", "_") for shape in SHAPES] + list(CONTAINER_SHAPES)
    for name in names:
        joint = whole_library.joint(f"{name}_joint")
        assert int(joint.type[0]) == int(mujoco.mjtJoint.mjJNT_FREE)
        assert int(joint.bodyid[0]) == whole_library.body(name).id


def test_what_is_only_hidden_or_only_drawn_keeps_to_its_group(
    whole_library: mujoco.MjModel,
) -> None:
    collides = (whole_library.geom_contype | whole_library.geom_conaffinity) > 0
    group = whole_library.geom_group
    assert set(group) == {2, 3}
    assert np.all(collides[group == 3])
    assert np.all(whole_library.geom_contype[collides] == 1)
    assert np.all(whole_library.geom_conaffinity[collides] == 1)
    decorated = whole_library.body("can").id
    drawn = (whole_library.geom_bodyid == decorated) & (group == 2)
    assert drawn.any()
    assert not collides[drawn].any()


def test_the_friction_of_a_thing_governs_its_contacts() -> None:
    model = compiled(on_table(thing("cube", friction=0.6)))
    model.geom("table_top").friction[:] = 2.0
    data = mujoco.MjData(model)
    run(model, data, 0.1)
    assert data.ncon > 0
    assert np.all(data.contact.friction[:, 0] == 0.6)


def test_a_slope_shows_the_friction_of_a_thing() -> None:
    for friction, slides in ((0.5, True), (0.7, False)):
        model = compiled(on_table(thing("block", friction=friction)))
        model.opt.gravity[:] = [9.81 * np.sin(0.54), 0.0, -9.81 * np.cos(0.54)]  # tan = 0.6
        data = mujoco.MjData(model)
        run(model, data, 0.5)
        assert (data.qpos[0] - 0.45 > 0.02) == slides


def test_the_table_stands_on_the_floor_at_its_height() -> None:
    table = Table(position=(0.5, 0.1), height=0.66, size=(0.5, 1.0))
    model = compiled(Scene(table=table))
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    top, leg = model.geom("table_top"), model.geom("table_leg_0")
    assert data.geom("table_top").xpos[2] + top.size[2] == pytest.approx(0.66)
    assert 2.0 * top.size[:2] == pytest.approx([0.5, 1.0])
    assert data.geom("table_leg_0").xpos[2] - leg.size[2] == pytest.approx(0.0)
    assert model.nv == 0


def test_lighting_is_that_of_the_scene() -> None:
    lighting = replace(Scene().lighting, direction=(0.0, 3.0, -4.0), diffuse=(0.5, 0.6, 0.7))
    model = compiled(Scene(lighting=lighting))
    assert model.light("key_light").dir == pytest.approx([0.0, 0.6, -0.8])
    assert model.light("key_light").diffuse == pytest.approx([0.5, 0.6, 0.7])
    assert not model.light("key_light").castshadow[0]
    assert model.vis.headlight.ambient == pytest.approx(lighting.ambient)


def test_a_name_that_occurs_twice_is_refused() -> None:
    scene = on_table(thing("cube"), replace(box("plate"), name="cube"))
    with pytest.raises(ValueError, match="name cube occurs more than once"):
        add_scene(mujoco.MjSpec(), scene)


def test_unknown_shapes_and_textures_are_refused_with_those_there_are() -> None:
    odd = replace(thing("cube"), shape=cast("Shape", "pyramid"))
    with pytest.raises(ValueError, match=r"Unknown object shape 'pyramid'.*cube, block"):
        add_scene(mujoco.MjSpec(), on_table(odd))
    with pytest.raises(ValueError, match=r"Unknown texture 'velvet'.*wood"):
        add_scene(mujoco.MjSpec(), Scene(table=Table(texture="velvet")))
