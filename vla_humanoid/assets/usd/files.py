"""The USD files of a world: the robot, each object, the scenery, and the scene out of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import mujoco
from pxr import Sdf, Usd, UsdGeom, UsdPhysics

from vla_humanoid.assets.usd.bodies import add_rigid_body
from vla_humanoid.assets.usd.colliders import GeomWriter
from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.joints import add_joint
from vla_humanoid.assets.usd.parts import Pose, WorldParts
from vla_humanoid.assets.usd.sensing import add_cameras, add_lights, add_sites
from vla_humanoid.assets.usd.stages import (
    copy_prim,
    new_stage,
    set_bool,
    set_float,
    set_int,
    set_pose,
)

ROBOT = Sdf.Path("/Robot")
POSITION_ITERATIONS, VELOCITY_ITERATIONS = 16, 1
"""Of the solver, for the robot: with fewer its feet carry too little, more only take longer."""
CONTACT_REPORTS = ("left_ankle_roll_link", "right_ankle_roll_link")
"""Links whose contact forces are reported."""


def write_robot(path: Path, parts: WorldParts, converted: Converted) -> None:
    """Write the robot: its links as siblings below ``/Robot``, its joints in ``/Robot/Joints``."""
    stage = new_stage(path, "Robot", "component")
    set_pose(stage.GetDefaultPrim(), IDENTITY)
    geoms = GeomWriter(stage, parts, converted)
    for link in parts.links:
        prim = UsdGeom.Xform.Define(stage, ROBOT.AppendChild(parts.name(link))).GetPrim()
        set_pose(prim, parts.world_pose(link))
        add_rigid_body(prim, parts, link)
        geoms.add_geoms(link, prim.GetPath())
        add_cameras(stage, parts, link, prim.GetPath())
        add_sites(stage, parts, link, prim.GetPath())
    scope = UsdGeom.Scope.Define(stage, ROBOT.AppendChild("Joints")).GetPath()
    for link in parts.links[1:]:
        add_joint(stage, parts, converted, link, scope)
    _add_articulation(stage, parts)
    _add_filtered_pairs(stage, parts)
    _add_contact_reports(stage)
    stage.Save()


IDENTITY = Pose((0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))


def _add_articulation(stage: Usd.Stage, parts: WorldParts) -> None:
    """Make the base link the root of an articulation that collides with itself."""
    prim = stage.GetPrimAtPath(ROBOT.AppendChild(parts.name(parts.links[0])))
    UsdPhysics.ArticulationRootAPI.Apply(prim)
    prim.AddAppliedSchema("NewtonArticulationRootAPI")
    set_bool(prim, "newton:selfCollisionEnabled", True)
    prim.AddAppliedSchema("PhysxArticulationAPI")
    set_bool(prim, "physxArticulation:enabledSelfCollisions", True)
    set_int(prim, "physxArticulation:solverPositionIterationCount", POSITION_ITERATIONS)
    set_int(prim, "physxArticulation:solverVelocityIterationCount", VELOCITY_ITERATIONS)
    set_float(prim, "physxArticulation:sleepThreshold", 0.0)
    set_float(prim, "physxArticulation:stabilizationThreshold", 0.0)


def _add_filtered_pairs(stage: Usd.Stage, parts: WorldParts) -> None:
    """Let the pairs of links pass through each other that do so in MuJoCo.

    Colliders are paired, not links: the root link stands for the whole articulation, and PhysX
    would let every link pass through its partner.
    """
    for signature in parts.model.exclude_signature.tolist():
        first, second = int(signature) >> 16, int(signature) & 0xFFFF
        if first not in parts.links or second not in parts.links:
            continue
        partners = [prim.GetPath() for prim in _colliders(stage, parts, second)]
        for prim in _colliders(stage, parts, first):
            pairs = UsdPhysics.FilteredPairsAPI.Apply(prim).CreateFilteredPairsRel()
            for partner in partners:
                pairs.AddTarget(partner)


def _colliders(stage: Usd.Stage, parts: WorldParts, link: int) -> list[Usd.Prim]:
    link_prim = stage.GetPrimAtPath(ROBOT.AppendChild(parts.name(link)))
    return [prim for prim in link_prim.GetChildren() if prim.HasAPI("PhysicsCollisionAPI")]


def _add_contact_reports(stage: Usd.Stage) -> None:
    for name in CONTACT_REPORTS:
        prim = stage.GetPrimAtPath(ROBOT.AppendChild(name))
        if prim.IsValid():
            prim.AddAppliedSchema("PhysxContactReportAPI")
            set_float(prim, "physxContactReport:threshold", 0.0)


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
    """What a scene refers to: prim name to file, next to the scene's own."""

    references: Mapping[str, Path]
    poses: Mapping[str, Pose]


def write_scene(path: Path, parts: WorldParts, converted: Converted, content: SceneContent) -> None:
    """Write the whole scene below ``/World``: references, physics scene, cameras and lights."""
    stage = new_stage(path, "World", "assembly")
    world = stage.GetDefaultPrim().GetPath()
    for name, file in content.references.items():
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
