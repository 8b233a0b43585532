"""Small steps that every USD file is written with."""

from pathlib import Path

from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from vla_humanoid.assets.scene import Vec3
from vla_humanoid.assets.usd.parts import Pose

POSE_OPS = ("xformOp:translate", "xformOp:orient", "xformOp:scale")


def new_stage(path: Path, root: str, kind: str) -> Usd.Stage:
    """Return a new stage, z up, in metres and kilograms, with a default prim.

    Args:
        path: of the file; it is written by `Usd.Stage.Save`.
        root: name of the default prim, an Xform.
        kind: of that prim in a model hierarchy, such as "component".
    """
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    UsdPhysics.SetStageKilogramsPerUnit(stage, 1.0)
    prim = UsdGeom.Xform.Define(stage, f"/{root}").GetPrim()
    Usd.ModelAPI(prim).SetKind(kind)
    stage.SetDefaultPrim(prim)
    return stage


def set_pose(prim: Usd.Prim, pose: Pose, scale: Vec3 = (1.0, 1.0, 1.0)) -> None:
    """Give a prim a pose against its parent, in double precision, whatever it had before."""
    for name in POSE_OPS:
        prim.RemoveProperty(name)
    xformable = UsdGeom.Xformable(prim)
    xformable.ClearXformOpOrder()
    double = UsdGeom.XformOp.PrecisionDouble
    xformable.AddTranslateOp(double).Set(Gf.Vec3d(*pose.position))
    xformable.AddOrientOp(double).Set(Gf.Quatd(*pose.quat_wxyz))
    xformable.AddScaleOp(double).Set(Gf.Vec3d(*scale))


def copy_prim(source: Sdf.Layer, path: Sdf.Path, stage: Usd.Stage, target: Sdf.Path) -> Usd.Prim:
    """Copy a prim with all below it from a layer into a stage, without its relationships.

    They point to where things were in the source; whoever needs one writes it anew.
    """
    layer = stage.GetRootLayer()
    Sdf.CopySpec(source, path, layer, target)
    stale: list[Sdf.Path] = []

    def note(found: Sdf.Path | str) -> None:
        path = Sdf.Path(str(found))
        if isinstance(layer.GetObjectAtPath(path), Sdf.RelationshipSpec):
            stale.append(path)

    layer.Traverse(target, note)
    for found in stale:
        owner = layer.GetPrimAtPath(found.GetPrimPath())
        owner.RemoveProperty(owner.properties[found.name])
    return stage.GetPrimAtPath(target)


def set_float(prim: Usd.Prim, name: str, value: float) -> None:
    """Set a float attribute of a schema that has no Python class here."""
    prim.CreateAttribute(name, Sdf.ValueTypeNames.Float, custom=False).Set(value)


def set_double(prim: Usd.Prim, name: str, value: float) -> None:
    """Set a double attribute of a schema that has no Python class here."""
    prim.CreateAttribute(name, Sdf.ValueTypeNames.Double, custom=False).Set(value)


def set_int(prim: Usd.Prim, name: str, value: int) -> None:
    """Set an int attribute of a schema that has no Python class here."""
    prim.CreateAttribute(name, Sdf.ValueTypeNames.Int, custom=False).Set(value)


def set_bool(prim: Usd.Prim, name: str, value: bool) -> None:
    """Set a bool attribute of a schema that has no Python class here."""
    prim.CreateAttribute(name, Sdf.ValueTypeNames.Bool, custom=False).Set(value)


def set_token(prim: Usd.Prim, name: str, value: str) -> None:
    """Set a token attribute of a schema that has no Python class here."""
    prim.CreateAttribute(name, Sdf.ValueTypeNames.Token, custom=False).Set(value)
