"""Worlds shown in USD stages, read back with the real pxr."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import mujoco
import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, WorldState
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.viewer.visual_world import ENDLESS, VisualWorld

pytestmark = pytest.mark.usefixtures("kit")


@pytest.fixture(scope="module")
def env() -> Iterator[HumanoidEnv]:
    env = HumanoidEnv("PickPlace", cameras=())
    env.reset(seed=3)
    for _ in range(3):
        env.step(env.action_space.sample())
    yield env
    env.close()


@pytest.fixture(scope="module")
def world(env: HumanoidEnv) -> VisualWorld:
    return VisualWorld(env.episode.scene, env.episode.dynamics.payload)


def new_stage(meters_per_unit: float = 1.0, up: str = "Z") -> Usd.Stage:
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageMetersPerUnit(stage, meters_per_unit)
    UsdGeom.SetStageUpAxis(stage, up)
    UsdGeom.Xform.Define(stage, "/World")
    return stage


def shown(stage: Usd.Stage, world: VisualWorld, state: WorldState) -> None:
    from vla_humanoid_isaac.stage_mirror import StageMirror

    StageMirror(world).show(stage, state)


def frame(stage: Usd.Stage, body: str) -> Gf.Matrix4d:
    from vla_humanoid_isaac.stage_mirror import ROOT

    prim = stage.GetPrimAtPath(ROOT.AppendChild(body))
    assert prim, body
    return UsdGeom.XformCache().GetLocalToWorldTransform(prim)


def matrix(pose: Pose) -> FloatArray:
    """Of a pose, for row vectors."""
    rotation = np.empty(9)
    mujoco.mju_quat2Mat(rotation, pose.quat_wxyz)
    result = np.eye(4)
    result[:3, :3] = rotation.reshape(3, 3).T
    result[3, :3] = pose.position
    return result


def test_every_body_is_where_the_engine_has_it(env: HumanoidEnv, world: VisualWorld) -> None:
    stage, state = new_stage(), env.world_state()
    shown(stage, world, state)
    simulation = cast(MujocoSimulation, env.simulation)
    for body in world.bodies:
        data = simulation.data.body(body.name)
        expected = matrix(Pose(data.xpos, data.xquat))
        np.testing.assert_allclose(np.array(frame(stage, body.name)), expected, atol=1e-9)


def test_every_shape_takes_the_room_that_it_takes_in_the_engine(
    env: HumanoidEnv, world: VisualWorld
) -> None:
    from vla_humanoid_isaac.stage_mirror import ROOT

    stage = new_stage()
    shown(stage, world, env.world_state())
    simulation = cast(MujocoSimulation, env.simulation)
    model, data = simulation.model, simulation.data
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_])
    counted = 0
    for body in world.bodies:
        number = int(model.body(body.name).id)
        first = int(model.body_geomadr[number])
        geoms = [
            geom
            for geom in range(first, first + int(model.body_geomnum[number]))
            if int(model.geom_group[geom]) == VISIBLE_GROUP
            and not model.geom(geom).name.endswith("_wall")
        ]
        assert len(geoms) == len(body.shapes)
        for index, geom in enumerate(geoms):
            if int(model.geom_type[geom]) == int(mujoco.mjtGeom.mjGEOM_PLANE):
                continue
            prim = stage.GetPrimAtPath(ROOT.AppendChild(body.name).AppendChild(f"shape_{index}"))
            box = cache.ComputeWorldBound(prim).ComputeAlignedRange().GetMidpoint()
            # MuJoCo's bounding box of a geom: centre and half extents in the geom's frame.
            centre, half = model.geom_aabb[geom, :3], model.geom_aabb[geom, 3:]
            rotation = data.geom_xmat[geom].reshape(3, 3)
            middle = data.geom_xpos[geom] + rotation @ centre
            reach = np.abs(rotation) @ half
            off = np.abs(np.array([box[0], box[1], box[2]]) - middle)
            assert (off < reach + 1e-6).all(), body.name
            counted += 1
    assert counted > 70


def test_meshes_are_the_engines_meshes(env: HumanoidEnv, world: VisualWorld) -> None:
    from vla_humanoid_isaac.stage_mirror import ROOT

    stage = new_stage()
    shown(stage, world, env.world_state())
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath(ROOT.AppendPath("torso_link/shape_0")))
    model = cast(MujocoSimulation, env.simulation).model
    geom = next(
        geom
        for geom in range(int(model.body("torso_link").geomadr[0]), int(model.ngeom))
        if int(model.geom_group[geom]) == VISIBLE_GROUP
    )
    number = int(model.geom_dataid[geom])
    start, count = int(model.mesh_vertadr[number]), int(model.mesh_vertnum[number])
    points = np.array(mesh.GetPointsAttr().Get())
    np.testing.assert_array_equal(points, model.mesh_vert[start : start + count])
    assert UsdGeom.Mesh.ValidateTopology(
        mesh.GetFaceVertexIndicesAttr().Get(), mesh.GetFaceVertexCountsAttr().Get(), count
    )[0]
    assert mesh.GetSubdivisionSchemeAttr().Get() == UsdGeom.Tokens.none


def test_bodies_move_with_the_world(env: HumanoidEnv, world: VisualWorld) -> None:
    from vla_humanoid_isaac.stage_mirror import StageMirror

    stage, mirror = new_stage(), StageMirror(world)
    state = env.world_state()
    mirror.show(stage, state)
    name = next(iter(state.objects))
    body = state.objects[name]
    moved = Pose(body.pose.position + np.array([0.1, -0.2, 0.3]), np.array([0.0, 1.0, 0.0, 0.0]))
    objects = {**state.objects, name: RigidBodyState(moved, body.twist)}
    mirror.show(stage, replace(state, objects=objects))
    np.testing.assert_allclose(np.array(frame(stage, name)), matrix(moved), atol=1e-9)


def test_the_users_file_stays_as_it_is_and_nothing_simulates(
    env: HumanoidEnv, world: VisualWorld
) -> None:
    from vla_humanoid_isaac.stage_mirror import ROOT, remove_mirror

    stage = new_stage()
    before = stage.GetRootLayer().ExportToString()
    session = stage.GetSessionLayer().ExportToString()
    shown(stage, world, env.world_state())
    assert stage.GetRootLayer().ExportToString() == before
    for prim in Usd.PrimRange(stage.GetPrimAtPath(ROOT)):
        assert not [schema for schema in prim.GetAppliedSchemas() if "Physics" in schema]
    remove_mirror(stage)
    assert not stage.GetPrimAtPath(ROOT)
    assert stage.GetRootLayer().ExportToString() == before
    assert stage.GetSessionLayer().ExportToString() == session


def test_a_stage_in_centimetres_with_y_up_shows_the_same_world(
    env: HumanoidEnv, world: VisualWorld
) -> None:
    from vla_humanoid_isaac.stage_frame import world_to_stage

    stage, state = new_stage(0.01, "Y"), env.world_state()
    shown(stage, world, state)
    x, y, z = state.robot.links["torso_link"].position
    place = frame(stage, "torso_link").ExtractTranslation()
    np.testing.assert_allclose(np.array(place), (100.0 * x, 100.0 * z, -100.0 * y), rtol=1e-9)
    up = world_to_stage(stage).TransformDir(Gf.Vec3d(0.0, 0.0, 1.0)).GetNormalized()
    np.testing.assert_allclose(np.array(up), (0.0, 1.0, 0.0), atol=1e-12)


def test_another_stage_gets_its_own(env: HumanoidEnv, world: VisualWorld) -> None:
    from vla_humanoid_isaac.stage_mirror import ROOT, StageMirror

    mirror, state = StageMirror(world), env.world_state()
    for stage in (new_stage(), new_stage(0.01)):
        mirror.show(stage, state)
        assert stage.GetPrimAtPath(ROOT)
    deleted = new_stage()
    mirror.show(deleted, state)
    with Usd.EditContext(deleted, deleted.GetSessionLayer()):
        deleted.RemovePrim(ROOT)  # As a user may.
    mirror.show(deleted, state)
    assert deleted.GetPrimAtPath(ROOT)


def test_another_episode_replaces_what_is_shown(env: HumanoidEnv, world: VisualWorld) -> None:
    from vla_humanoid_isaac.stage_mirror import ROOT

    stage = new_stage()
    shown(stage, world, env.world_state())
    other = HumanoidEnv("WalkToTarget", cameras=(), randomization="none")
    other.reset(seed=1)
    shown(stage, VisualWorld(other.episode.scene), other.world_state())
    names = {prim.GetName() for prim in stage.GetPrimAtPath(ROOT).GetChildren()}
    landmarks = {landmark.name for landmark in other.episode.scene.landmarks}
    assert landmarks <= names
    assert not {thing.name for thing in env.episode.scene.objects} & (names - landmarks)
    other.close()


def test_one_change_of_the_stage_is_noticed_per_moment(
    env: HumanoidEnv, world: VisualWorld
) -> None:
    from pxr import Tf
    from vla_humanoid_isaac.stage_mirror import StageMirror

    stage, mirror = new_stage(), StageMirror(world)
    mirror.show(stage, env.world_state())
    notices: list[Usd.Notice.ObjectsChanged] = []
    key = Tf.Notice.Register(
        Usd.Notice.ObjectsChanged, lambda notice, sender: notices.append(notice), stage
    )
    mirror.show(stage, env.world_state())
    key.Revoke()
    assert len(notices) <= 1


def test_the_floor_has_an_edge_and_colours_are_linear(env: HumanoidEnv, world: VisualWorld) -> None:
    from vla_humanoid_isaac.stage_mirror import ROOT

    stage = new_stage()
    shown(stage, world, env.world_state())
    (index, plane) = next(
        (index, shape)
        for index, shape in enumerate(world.bodies[0].shapes)
        if shape.kind == "plane"
    )
    assert 0.0 < max(plane.size) <= ENDLESS
    prim = stage.GetPrimAtPath(ROOT.AppendPath(Sdf.Path(f"world/shape_{index}")))
    (color,) = UsdGeom.Gprim(prim).GetDisplayColorAttr().Get()
    for linear, screen in zip(color, plane.color, strict=True):
        assert linear <= screen + 1e-6
