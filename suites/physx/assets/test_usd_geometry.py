"""Every geom has the form, the size and the place that it has in MuJoCo."""

from pathlib import Path

import mujoco
import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom
from usd_worlds import everything, task_world

from vla_humanoid.assets.usd.export import export_usd
from vla_humanoid.assets.usd.parts import WorldParts
from vla_humanoid.schema import FloatArray

KINDS = {
    int(mujoco.mjtGeom.mjGEOM_PLANE): "Plane",
    int(mujoco.mjtGeom.mjGEOM_BOX): "Cube",
    int(mujoco.mjtGeom.mjGEOM_SPHERE): "Sphere",
    int(mujoco.mjtGeom.mjGEOM_CAPSULE): "Capsule",
    int(mujoco.mjtGeom.mjGEOM_CYLINDER): "Cylinder",
    int(mujoco.mjtGeom.mjGEOM_MESH): "Mesh",
}
TETRAHEDRON = """
v 0 0 0
v 0.1 0 0
v 0 0.2 0
v 0 0 0.3
f 1 3 2
f 1 2 4
f 1 4 3
f 2 3 4
"""


def compare_geoms(stage: Usd.Stage, model: mujoco.MjModel) -> int:
    """Compare all geoms of a world's bodies; return how many there are."""
    parts, data = WorldParts(model), mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    cache, count = UsdGeom.XformCache(), 0
    places = {body: f"/World/{parts.name(body)}" for body in parts.objects}
    places |= {body: f"/World/Robot/{parts.name(body)}" for body in parts.links}
    places |= {body: f"/World/Scenery/{parts.name(body)}" for body in parts.scenery}
    if parts.geoms(0):
        places[0] = "/World/Scenery"
    for body, place in places.items():
        prims = [
            prim
            for prim in stage.GetPrimAtPath(place).GetChildren()
            if prim.IsA("Gprim") and not prim.GetName().endswith("_look")
        ]
        for geom, prim in zip(parts.geoms(body), prims, strict=True):
            compare_geom(prim, cache.GetLocalToWorldTransform(prim), model, data, geom)
            count += 1
    return count


def compare_geom(
    prim: Usd.Prim,
    matrix: Gf.Matrix4d,
    model: mujoco.MjModel,
    data: mujoco.MjData,
    geom: int,
) -> None:
    kind = int(model.geom_type[geom])
    assert prim.GetTypeName() == KINDS[kind], prim.GetPath()
    points = local_points(prim) @ np.array(matrix)[:3, :3] + np.array(matrix)[3, :3]
    turn = data.geom_xmat[geom].reshape(3, 3)
    wanted = model_points(model, geom) @ turn.T + data.geom_xpos[geom]
    np.testing.assert_allclose(ordered(points), ordered(wanted), atol=2e-7, err_msg=str(prim))


def ordered(points: FloatArray) -> FloatArray:
    """Sort points in a way that does not depend on their last digits."""
    return points[np.lexsort(np.round(points, 5).T)]


def local_points(prim: Usd.Prim) -> FloatArray:
    """Return the points that make out a geom, before its own transformation."""
    numbers = {
        name: float(prim.GetAttribute(name).Get())
        for name in ("size", "radius", "height", "width", "length")
        if prim.GetAttribute(name)
    }
    match prim.GetTypeName():
        case "Cube":
            return corners(*[0.5 * numbers["size"]] * 3)
        case "Plane":
            return corners(0.5 * numbers["width"], 0.5 * numbers["length"], 0.0)
        case "Sphere":
            return corners(*[numbers["radius"]] * 3)
        case "Mesh":
            return np.unique(np.array(prim.GetAttribute("points").Get(), np.float64), axis=0)
        case _:
            assert prim.GetAttribute("axis").Get() == "Z"
            return corners(numbers["radius"], numbers["radius"], 0.5 * numbers["height"])


def model_points(model: mujoco.MjModel, geom: int) -> FloatArray:
    """Return the same points from MuJoCo, in the frame of the geom."""
    a, b, c = model.geom_size[geom].tolist()
    match KINDS[int(model.geom_type[geom])]:
        case "Cube":
            return corners(a, b, c)
        case "Plane":
            return corners(a, b, 0.0)
        case "Sphere":
            return corners(a, a, a)
        case "Mesh":
            mesh = int(model.geom_dataid[geom])
            start, number = int(model.mesh_vertadr[mesh]), int(model.mesh_vertnum[mesh])
            return np.unique(model.mesh_vert[start:][:number].astype(np.float64), axis=0)
        case _:
            return corners(a, a, b)


def corners(x: float, y: float, z: float) -> FloatArray:
    return np.array([(i * x, j * y, k * z) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)])


@pytest.mark.parametrize("task", ["PickPlace", "FollowPath", "WalkToTarget"])
def test_every_geom_of_a_task_world_is_where_it_is_in_mujoco(task: str, tmp_path: Path) -> None:
    spec = task_world(task, seed=2)
    model = spec.copy().compile()
    stage = Usd.Stage.Open(str(export_usd(spec, tmp_path / "world").scene))
    assert compare_geoms(stage, model) == model.ngeom > 100


def test_every_object_has_the_form_that_it_has_in_mujoco(tmp_path: Path) -> None:
    spec = everything()
    model = spec.copy().compile()
    stage = Usd.Stage.Open(str(export_usd(spec, tmp_path / "world").scene))
    assert compare_geoms(stage, model) == model.ngeom > 60


def test_a_mesh_out_of_a_file_keeps_its_scale_and_place(tmp_path: Path) -> None:
    (tmp_path / "meshes").mkdir()
    (tmp_path / "meshes" / "tetrahedron.obj").write_text(TETRAHEDRON)
    spec = mujoco.MjSpec()
    spec.modelfiledir, spec.compiler.meshdir = str(tmp_path), "meshes"
    spec.add_mesh(name="tetrahedron", file="tetrahedron.obj", scale=[2.0, 1.0, 1.0])
    body = spec.worldbody.add_body(name="wedge", pos=[0.0, 0.0, 1.0])
    body.add_freejoint(name="wedge_joint")
    kind = mujoco.mjtGeom.mjGEOM_MESH
    body.add_geom(type=kind, meshname="tetrahedron", pos=[0.1, 0.2, 0.3], quat=[0.6, 0.8, 0, 0])
    model = spec.copy().compile()
    stage = Usd.Stage.Open(str(export_usd(spec, tmp_path / "world").scene))
    assert compare_geoms(stage, model) == 1
    mass = stage.GetPrimAtPath("/World/wedge").GetAttribute("physics:mass").Get()
    assert mass == pytest.approx(float(model.body("wedge").mass[0]))
