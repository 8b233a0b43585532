"""Planes and boxes as meshes: USD has no texture coordinates for primitives."""

import mujoco
from pxr import Gf, Sdf, Usd, UsdGeom

from vla_humanoid.assets.usd.stages import POSE_OPS

_PLANE, _BOX = int(mujoco.mjtGeom.mjGEOM_PLANE), int(mujoco.mjtGeom.mjGEOM_BOX)


def has_sides(model: mujoco.MjModel, geom: int) -> bool:
    """Tell whether a geom is a plane or a box, which can be drawn as a textured mesh."""
    return int(model.geom_type[geom]) in (_PLANE, _BOX)


def add_textured_mesh(prim: Usd.Prim, model: mujoco.MjModel, geom: int) -> Usd.Prim:
    """Add a plane or box as a mesh with texture coordinates; the primitive then only collides.

    Each side shows the whole texture, repeated as MuJoCo does.

    Args:
        prim: of the geom, with its pose.
        model: compiled.
        geom: its number; see `has_sides`.
    """
    material = int(model.geom_matid[geom])
    half_x, half_y, half_z = model.geom_size[geom].tolist()
    is_plane = int(model.geom_type[geom]) == _PLANE
    corners, faces = _sheet(half_x, half_y) if is_plane else _box(half_x, half_y, half_z)
    path = prim.GetPath().ReplaceName(f"{prim.GetName()}_look")
    mesh = UsdGeom.Mesh.Define(prim.GetStage(), path)
    mesh.CreatePointsAttr(corners)
    mesh.CreateFaceVertexCountsAttr([4] * (len(faces) // 4))
    mesh.CreateFaceVertexIndicesAttr(faces)
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateNormalsAttr(_normals(corners, faces))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.uniform)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(corners))
    repeat = model.mat_texrepeat[material].tolist()
    unit = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    coordinates = [Gf.Vec2f(u * repeat[0], v * repeat[1]) for u, v in unit]
    texture = UsdGeom.PrimvarsAPI(mesh.GetPrim()).CreatePrimvar(
        "st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.faceVarying
    )
    texture.Set(coordinates)
    texture.SetIndices([*range(4)] * (len(faces) // 4))
    _copy_pose(prim, mesh.GetPrim())
    return mesh.GetPrim()


def _sheet(x: float, y: float) -> tuple[list[Gf.Vec3f], list[int]]:
    """Return corners and the one face of a plane, seen from above."""
    around = ((-x, -y), (x, -y), (x, y), (-x, y))
    return [Gf.Vec3f(u, v, 0.0) for u, v in around], [*range(4)]


def _box(x: float, y: float, z: float) -> tuple[list[Gf.Vec3f], list[int]]:
    """Return corners and faces of a box, counter-clockwise seen from outside."""
    corners = [
        Gf.Vec3f(sx * x, sy * y, sz * z)
        for sz in (-1, 1)
        for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    faces = [4, 5, 6, 7, 3, 2, 1, 0, 0, 1, 5, 4, 1, 2, 6, 5, 2, 3, 7, 6, 3, 0, 4, 7]
    return corners, faces


def _normals(corners: list[Gf.Vec3f], faces: list[int]) -> list[Gf.Vec3f]:
    normals = []
    for start in range(0, len(faces), 4):
        a, b, c = (corners[index] for index in faces[start : start + 3])
        normals.append(Gf.Cross(b - a, c - b).GetNormalized())
    return normals


def _copy_pose(source: Usd.Prim, target: Usd.Prim) -> None:
    """Give a prim the pose of another, without its scale."""
    xformable = UsdGeom.Xformable(target)
    double = UsdGeom.XformOp.PrecisionDouble
    xformable.AddTranslateOp(double).Set(source.GetAttribute(POSE_OPS[0]).Get())
    xformable.AddOrientOp(double).Set(source.GetAttribute(POSE_OPS[1]).Get())
