import math
from dataclasses import replace
from typing import cast, get_args

import mujoco
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from things import compiled, on_table, run, thing

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.postures import READY, READY_PELVIS_POSITION
from vla_humanoid.assets.scene import (
    FloorPath,
    Landmark,
    LandmarkShape,
    Scene,
    floor_height,
    floor_quat,
)
from vla_humanoid.assets.scenery import add_scene
from vla_humanoid.assets.world import build_world

SHAPES: tuple[LandmarkShape, ...] = get_args(LandmarkShape)
STEEP = (0.05, -0.04)
LINE = FloorPath("red_line", "red", COLORS["red"], ((0.5, 0.0), (1.5, 0.4), (2.0, -0.6)))

angles = st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
coordinates = st.floats(-5.0, 5.0)


def landmark(shape: LandmarkShape, x: float, y: float, scale: float = 1.0) -> Landmark:
    return Landmark(f"green_{shape}", shape, "green", COLORS["green"], (x, y), 0.4, scale)


def rotated(quat: tuple[float, float, float, float], vector: tuple[float, ...]) -> np.ndarray:
    result = np.empty(3)
    mujoco.mju_rotVecQuat(result, np.array(vector), np.array(quat))
    return result


def row(slope: tuple[float, float] = (0.0, 0.0), scale: float = 1.0) -> mujoco.MjModel:
    marks = (landmark(shape, 1.0 + i, 0.5 * i, scale) for i, shape in enumerate(SHAPES))
    return compiled(Scene(landmarks=tuple(marks), paths=(LINE,), floor_slope=slope))


def points_of(model: mujoco.MjModel, name: str) -> np.ndarray:
    """Points on the surfaces of a body's geoms, in its frame."""
    body, points = model.body(name), []
    for i in range(int(body.geomadr[0]), int(body.geomadr[0]) + int(body.geomnum[0])):
        half = model.geom_aabb[i, 3:]
        corners = np.array(np.meshgrid(*([-1.0, 1.0],) * 3)).reshape(3, -1).T * half
        if int(model.geom_type[i]) == int(mujoco.mjtGeom.mjGEOM_MESH):
            start = int(model.mesh_vertadr[model.geom_dataid[i]])
            corners = model.mesh_vert[start:][: int(model.mesh_vertnum[model.geom_dataid[i]])]
        elif int(model.geom_type[i]) != int(mujoco.mjtGeom.mjGEOM_BOX):
            turns = np.linspace(0.0, 2.0 * np.pi, 60)
            ring = np.column_stack([np.cos(turns), np.sin(turns)]) * half[:2]
            ends = (-half[2], 0.0, half[2]) if half[2] != half[0] else (0.0,)
            corners = np.concatenate([np.column_stack([ring, np.full(60, z)]) for z in ends])
        rotation = np.empty(9)
        mujoco.mju_quat2Mat(rotation, model.geom_quat[i])
        points.append(model.geom_pos[i] + corners @ rotation.reshape(3, 3).T)
    return np.concatenate(points)


@given(angles, coordinates, coordinates)
def test_a_tilted_floor_is_as_high_as_said(slope: tuple[float, float], x: float, y: float) -> None:
    point = (x, y, floor_height(slope, x, y))
    assert rotated(floor_quat(slope), (0.0, 0.0, 1.0)) @ point == pytest.approx(0.0, abs=1e-12)
    assert math.atan2(floor_height(slope, 1.0, 0.0), 1.0) == pytest.approx(slope[0])
    assert math.atan2(floor_height(slope, 0.0, 1.0), 1.0) == pytest.approx(slope[1])


def test_landmarks_are_solid_fixed_bodies_of_their_names() -> None:
    model = row()
    assert model.nv == 0
    for shape in SHAPES:
        body = model.body(f"green_{shape}")
        geoms = slice(int(body.geomadr[0]), int(body.geomadr[0]) + int(body.geomnum[0]))
        assert (model.geom_contype[geoms] > 0).any()
        assert np.isclose(model.geom_rgba[geoms, :3], COLORS["green"], atol=1e-6).all(1).any()


@pytest.mark.parametrize("scale", [0.9, 1.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_landmark_is_as_wide_and_as_high_as_said(shape: LandmarkShape, scale: float) -> None:
    model, said = row(scale=scale), LANDMARKS[shape]
    drawn = points_of(model, f"green_{shape}")
    wide = np.hypot(drawn[:, 0], drawn[:, 1]).max()
    assert wide == pytest.approx(scale * said.radius, abs=0.004)
    assert drawn[:, 2].max() == pytest.approx(scale * said.height, abs=0.004)
    assert drawn[:, 2].min() == pytest.approx(0.0, abs=0.004)
    assert said.height < 0.8


@pytest.mark.parametrize("slope", [(0.0, 0.0), STEEP])
def test_landmarks_stand_upright_on_the_floor(slope: tuple[float, float]) -> None:
    model = row(slope)
    for i, shape in enumerate(SHAPES):
        body = model.body(f"green_{shape}")
        x, y = 1.0 + i, 0.5 * i
        assert body.pos == pytest.approx((x, y, floor_height(slope, x, y)))
        up = rotated(tuple(body.quat), (0.0, 0.0, 1.0))
        assert up == pytest.approx(rotated(floor_quat(slope), (0.0, 0.0, 1.0)))


def test_something_dropped_on_a_landmark_comes_to_rest_on_it() -> None:
    crate = landmark("crate", 0.45, 0.0)
    cube = replace(thing("cube", 0.45), position=(0.45, 0.0, 0.45))
    model = compiled(Scene(objects=(cube,), landmarks=(crate,)))
    data = mujoco.MjData(model)
    run(model, data, 1.0)
    assert data.body("cube").xpos[2] > LANDMARKS["crate"].height


@pytest.mark.parametrize("slope", [(0.0, 0.0), STEEP])
def test_a_line_lies_on_the_floor_along_its_points_and_touches_nothing(
    slope: tuple[float, float],
) -> None:
    model = row(slope)
    body = model.body("red_line")
    geoms = range(int(body.geomadr[0]), int(body.geomadr[0]) + int(body.geomnum[0]))
    boxes = [g for g in geoms if int(model.geom_type[g]) == int(mujoco.mjtGeom.mjGEOM_BOX)]
    assert len(boxes) == len(LINE.points) - 1
    assert not model.geom_contype[list(geoms)].any()
    assert not model.geom_conaffinity[list(geoms)].any()
    for g, (start, end) in zip(boxes, zip(LINE.points, LINE.points[1:], strict=False), strict=True):
        half_length, half_width, _ = model.geom_size[g]
        assert half_width == pytest.approx(0.5 * LINE.width)
        along = rotated(tuple(model.geom_quat[g]), (half_length, 0.0, 0.0))
        for sign, (x, y) in ((-1.0, start), (1.0, end)):
            tip = model.geom_pos[g] + sign * along
            assert tip == pytest.approx((x, y, floor_height(slope, x, y)), abs=0.002)


def test_walls_make_way_for_what_stands_far_off() -> None:
    near = compiled(on_table(thing("cube")))
    hall = compiled(Scene(landmarks=(landmark("cone", 3.0, 1.0),)))
    larger = compiled(Scene(landmarks=(landmark("cone", 1.0, -7.0),)))
    for model, distance in ((near, 3.0), (hall, 6.0), (larger, 9.0)):
        assert model.geom("front_wall").pos[0] == distance
        assert model.geom("floor").size[0] == distance + 1.0
    corner_to_corner = 2.0 * math.sqrt(2.0) * 9.0
    far = build_world(Scene(landmarks=(landmark("cone", 1.0, -7.0),)), "none")
    assert far.visual.map.zfar > corner_to_corner


def test_walls_reach_down_to_a_sloped_floor() -> None:
    model = row(STEEP)
    wall = model.geom("back_wall")
    lowest = floor_height((0.05, 0.04), -float(model.geom("front_wall").pos[0]), -7.0)
    assert wall.pos[2] - wall.size[2] <= lowest + 0.05
    assert model.geom("floor").quat == pytest.approx(floor_quat(STEEP))


@pytest.mark.parametrize("friction", [0.1, 0.4, 0.9, 1.2])
def test_soles_have_the_friction_of_the_floor_and_things_their_own(friction: float) -> None:
    cube = replace(thing("cube", 1.0, friction=0.7), position=(1.0, 0.0, 0.025))
    model = build_world(Scene(objects=(cube,), floor_friction=friction), "none").compile()
    data = mujoco.MjData(model)
    data.joint("floating_base").qpos[:3] = READY_PELVIS_POSITION
    for name, position in READY.items():
        data.joint(name).qpos[0] = position
    mujoco.mj_forward(model, data)
    floor, cube_body = model.geom("floor").id, model.body("cube").id
    feet = {model.body(f"{side}_ankle_roll_link").id for side in ("left", "right")}
    seen = {"feet": set[float](), "cube": set[float]()}
    for contact in data.contact:
        if floor in contact.geom:
            body = int(model.geom_bodyid[contact.geom].max())
            key = "cube" if body == cube_body else "feet" if body in feet else ""
            seen[key].add(round(float(contact.friction[0]), 9))
    assert seen == {"feet": {friction}, "cube": {0.7}}


def test_wrong_floors_landmarks_and_lines_are_refused_with_the_reason() -> None:
    cone = landmark("cone", 1.0, 0.0)
    wrong = {
        r"green_cone occurs more than once": Scene(landmarks=(cone, cone)),
        r"Unknown landmark shape 'tree'.*cone, pillar": Scene(
            landmarks=(replace(cone, shape=cast("LandmarkShape", "tree")),)
        ),
        r"line red_line needs two or more points": Scene(
            paths=(replace(LINE, points=((0.0, 0.0),)),)
        ),
        r"each apart from the one before": Scene(
            paths=(replace(LINE, points=((0.0, 0.0), (0.0, 0.0))),)
        ),
        r"angles in radians up to 0\.52": Scene(floor_slope=(3.0, 0.0)),
        r"floor_friction must be at least 0": Scene(floor_friction=-0.1),
    }
    for message, scene in wrong.items():
        with pytest.raises(ValueError, match=message):
            add_scene(mujoco.MjSpec(), scene)
