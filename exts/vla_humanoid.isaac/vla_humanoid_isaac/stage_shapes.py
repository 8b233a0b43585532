"""Visible shapes as USD prims."""

from typing import TYPE_CHECKING

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

if TYPE_CHECKING:
    from vla_humanoid.viewer.visual_world import VisualShape


def add_shape(stage: Usd.Stage, path: Sdf.Path, shape: "VisualShape") -> None:
    """Write a shape; nothing that simulates takes notice of it."""
    prim = _gprim(stage, path, shape)
    x, y, z = shape.pose.position.tolist()
    prim.AddTranslateOp().Set(Gf.Vec3d(x, y, z))
    w, i, j, k = shape.pose.quat_wxyz.tolist()
    prim.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(w, i, j, k))
    if shape.kind in ("box", "ellipsoid"):
        prim.AddScaleOp().Set(Gf.Vec3f(*shape.size))
    prim.CreateDisplayColorAttr([Gf.Vec3f(*(_linear(part) for part in shape.color))])
    prim.CreateDisplayOpacityAttr([shape.opacity])
    extent = UsdGeom.Boundable.ComputeExtentFromPlugins(prim, Usd.TimeCode.Default())
    prim.CreateExtentAttr(extent)


def _gprim(stage: Usd.Stage, path: Sdf.Path, shape: "VisualShape") -> UsdGeom.Gprim:
    """Write the form alone; boxes and ellipsoids have unit half extents and are scaled."""
    x, y, _ = shape.size
    match shape.kind:
        case "box":
            cube = UsdGeom.Cube.Define(stage, path)
            cube.CreateSizeAttr(2.0)
            return cube
        case "sphere" | "ellipsoid":
            sphere = UsdGeom.Sphere.Define(stage, path)
            sphere.CreateRadiusAttr(1.0 if shape.kind == "ellipsoid" else x)
            return sphere
        case "capsule":
            capsule = UsdGeom.Capsule.Define(stage, path)
            capsule.CreateRadiusAttr(x)
            capsule.CreateHeightAttr(2.0 * y)
            capsule.CreateAxisAttr(UsdGeom.Tokens.z)
            return capsule
        case "cylinder":
            cylinder = UsdGeom.Cylinder.Define(stage, path)
            cylinder.CreateRadiusAttr(x)
            cylinder.CreateHeightAttr(2.0 * y)
            cylinder.CreateAxisAttr(UsdGeom.Tokens.z)
            return cylinder
        case "plane":
            corners = np.array([[-x, -y, 0.0], [x, -y, 0.0], [x, y, 0.0], [-x, y, 0.0]])
            return _mesh(stage, path, corners, np.array([[0, 1, 2, 3]], np.int32))
        case "mesh":
            return _mesh(stage, path, shape.vertices, shape.faces)


def _mesh(
    stage: Usd.Stage, path: Sdf.Path, vertices: np.ndarray, faces: np.ndarray
) -> UsdGeom.Mesh:
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(vertices.astype(np.float32)))
    mesh.CreateFaceVertexCountsAttr([faces.shape[1]] * len(faces))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(faces.ravel().astype(np.int32)))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)  # As it is, not as a rounded cage.
    return mesh


def _linear(part: float) -> float:
    """Return a screen's colour as linear light, which USD takes (IEC 61966-2-1)."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
