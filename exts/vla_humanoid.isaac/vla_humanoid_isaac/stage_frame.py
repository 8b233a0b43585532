"""From the world of vla-humanoid, in metres with z up, to a stage, which may differ in both."""

import math

from pxr import Gf, Usd, UsdGeom


def world_to_stage(stage: Usd.Stage) -> Gf.Matrix4d:
    """Return the transform of points from the world to a stage, for row vectors as USD has them."""
    scale = Gf.Matrix4d().SetScale(1.0 / UsdGeom.GetStageMetersPerUnit(stage))
    if UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z:
        return scale
    turn = Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d.XAxis(), math.degrees(-0.5 * math.pi)))
    return scale * turn
