"""Cameras, lights and frames of reference."""

import math

import mujoco
import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux

from vla_humanoid.assets.usd.parts import WorldParts, pose
from vla_humanoid.assets.usd.stages import set_pose

APERTURE = 20.955
"""Of every camera, across and up, in tenths of a scene unit; that of Isaac Sim's cameras."""
KEY_INTENSITY, AMBIENT_INTENSITY = 3000.0, 1000.0
"""Of a light of colour 1: USD counts in nit, MuJoCo does not count."""


def add_cameras(stage: Usd.Stage, parts: WorldParts, body: int, parent: Sdf.Path) -> None:
    """Add the cameras that are fixed to a body, each as ``<camera>_camera``.

    One that follows a body without turning is fixed to it all the same. Images are square, as ours
    are; a wider image sees more to the sides.
    """
    model = parts.model
    for number in np.flatnonzero(model.cam_bodyid == body).tolist():
        path = parent.AppendChild(f"{model.camera(number).name}_camera")
        camera = UsdGeom.Camera.Define(stage, path)
        set_pose(camera.GetPrim(), pose(model.cam_pos[number], model.cam_quat[number]))
        half_angle = 0.5 * math.radians(float(np.ravel(model.cam_fovy[number])[0]))
        camera.CreateHorizontalApertureAttr(APERTURE)
        camera.CreateVerticalApertureAttr(APERTURE)
        camera.CreateFocalLengthAttr(0.5 * APERTURE / math.tan(half_angle))
        near, far = (
            float(model.stat.extent) * z for z in (model.vis.map.znear, model.vis.map.zfar)
        )
        camera.CreateClippingRangeAttr(Gf.Vec2f(near, far))


def add_sites(stage: Usd.Stage, parts: WorldParts, body: int, parent: Sdf.Path) -> None:
    """Add the sites of a body as frames without form."""
    model = parts.model
    for number in np.flatnonzero(model.site_bodyid == body).tolist():
        path = parent.AppendChild(str(model.site(number).name))
        prim = UsdGeom.Xform.Define(stage, path).GetPrim()
        UsdGeom.Imageable(prim).CreatePurposeAttr(UsdGeom.Tokens.guide)
        set_pose(prim, pose(model.site_pos[number], model.site_quat[number]))


def add_lights(stage: Usd.Stage, model: mujoco.MjModel, parent: Sdf.Path) -> None:
    """Add the lights of a world, and one from everywhere for its ambient light."""
    UsdGeom.Scope.Define(stage, parent)
    for number in range(model.nlight):
        light = UsdLux.DistantLight.Define(
            stage, parent.AppendChild(str(model.light(number).name) or f"light_{number}")
        )
        light.CreateIntensityAttr(KEY_INTENSITY)
        light.CreateColorAttr(Gf.Vec3f(*model.light_diffuse[number].tolist()))
        turn = np.empty(4)
        # A distant light of USD shines along -z.
        mujoco.mju_quatZ2Vec(turn, -np.asarray(model.light_dir[number], dtype=np.float64))
        set_pose(light.GetPrim(), pose(np.zeros(3), turn))
    dome = UsdLux.DomeLight.Define(stage, parent.AppendChild("ambient"))
    dome.CreateIntensityAttr(AMBIENT_INTENSITY)
    dome.CreateColorAttr(Gf.Vec3f(*(float(value) for value in model.vis.headlight.ambient)))
