"""The USD file of the robot: links side by side, joints, one articulation."""

from pathlib import Path

from pxr import Sdf, Usd, UsdGeom, UsdPhysics

from vla_humanoid.assets.usd.bodies import add_rigid_body
from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.geoms import GeomWriter
from vla_humanoid.assets.usd.joints import add_joint
from vla_humanoid.assets.usd.parts import IDENTITY, WorldParts
from vla_humanoid.assets.usd.sensing import add_cameras, add_sites
from vla_humanoid.assets.usd.stages import new_stage, set_bool, set_float, set_int, set_pose

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
