"""The USD files of objects, of the scenery, and of the scene that refers to all."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import mujoco
from pxr import Sdf, Usd, UsdGeom

from vla_humanoid.assets.usd.bodies import add_rigid_body
from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.geoms import GeomWriter
from vla_humanoid.assets.usd.parts import IDENTITY, Pose, WorldParts
from vla_humanoid.assets.usd.sensing import add_cameras, add_lights
from vla_humanoid.assets.usd.stages import (
    copy_prim,
    new_stage,
    set_bool,
    set_float,
    set_int,
    set_pose,
)


def write_object(path: Path, parts: WorldParts, converted: Converted, body: int) -> None:
    """Write a free body as the default prim of its file, at the origin."""
    stage = new_stage(path, parts.name(body), "component")
    prim = stage.GetDefaultPrim()
    set_pose(prim, IDENTITY)
    add_rigid_body(prim, parts, body)
    GeomWriter(stage, parts, converted).add_geoms(body, prim.GetPath())
    stage.Save()


def write_scenery(path: Path, parts: WorldParts, converted: Converted) -> None:
    """Write what is fixed to the world: floor, walls, table, landmarks."""
    stage = new_stage(path, "Scenery", "component")
    geoms = GeomWriter(stage, parts, converted)
    root = stage.GetDefaultPrim().GetPath()
    set_pose(stage.GetDefaultPrim(), IDENTITY)
    geoms.add_geoms(0, root)
    for body in parts.scenery:
        prim = UsdGeom.Xform.Define(stage, root.AppendChild(parts.name(body))).GetPrim()
        set_pose(prim, parts.world_pose(body))
        geoms.add_geoms(body, prim.GetPath())
    stage.Save()


@dataclass(frozen=True)
class SceneContent:
    """What a scene refers to.

    Args:
        files: by the name of their prim in the scene.
        poses: of prims that are not at the origin.
    """

    files: Mapping[str, Path]
    poses: Mapping[str, Pose]


def write_scene(path: Path, parts: WorldParts, converted: Converted, content: SceneContent) -> None:
    """Write the whole scene below ``/World``: references, physics scene, cameras and lights."""
    stage = new_stage(path, "World", "assembly")
    world = stage.GetDefaultPrim().GetPath()
    for name, file in content.files.items():
        prim = UsdGeom.Xform.Define(stage, world.AppendChild(name)).GetPrim()
        prim.GetReferences().AddReference(f"./{file.relative_to(path.parent).as_posix()}")
        set_pose(prim, content.poses.get(name, IDENTITY))
    _add_physics_scene(stage, parts.model, converted)
    add_lights(stage, parts.model, world.AppendChild("Lights"))
    cameras = UsdGeom.Scope.Define(stage, world.AppendChild("Cameras")).GetPath()
    add_cameras(stage, parts, 0, cameras)
    stage.Save()


def _add_physics_scene(stage: Usd.Stage, model: mujoco.MjModel, converted: Converted) -> None:
    path = stage.GetDefaultPrim().GetPath().AppendChild("PhysicsScene")
    prim = copy_prim(converted.layer, converted.scene, stage, path)
    rate = round(1.0 / float(model.opt.timestep))
    set_int(prim, "newton:timeStepsPerSecond", rate)
    prim.AddAppliedSchema("PhysxSceneAPI")
    prim.CreateAttribute(
        "physxScene:timeStepsPerSecond", Sdf.ValueTypeNames.UInt, custom=False
    ).Set(rate)
    set_bool(prim, "physxScene:disableSleeping", True)
    set_bool(prim, "physxScene:enableStabilization", False)
    set_bool(prim, "physxScene:enableEnhancedDeterminism", True)
    set_float(prim, "physxScene:bounceThreshold", 0.0)
