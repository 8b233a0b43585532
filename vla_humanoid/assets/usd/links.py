"""Links of an articulation, side by side, and the pairs of them that pass through each other."""

from collections.abc import Sequence

from pxr import Sdf, Usd, UsdGeom, UsdPhysics

from vla_humanoid.assets.usd.bodies import add_rigid_body
from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.geoms import GeomWriter
from vla_humanoid.assets.usd.parts import Pose, WorldParts
from vla_humanoid.assets.usd.sensing import add_cameras, add_sites
from vla_humanoid.assets.usd.stages import set_bool, set_float, set_int, set_pose

POSITION_ITERATIONS, VELOCITY_ITERATIONS = 16, 1
"""Of the solver, for the robot: with fewer its feet carry too little, more only take longer."""


def add_links(
    stage: Usd.Stage, parts: WorldParts, converted: Converted, links: Sequence[int], frame: Pose
) -> Sdf.Path:
    """Add links with everything on them below the default prim, and a scope for their joints.

    Args:
        stage: of the file.
        parts: the world.
        converted: what the converter made of it.
        links: body numbers.
        frame: of the default prim in the reference configuration, world frame.

    Returns:
        The scope.
    """
    root = stage.GetDefaultPrim().GetPath()
    geoms = GeomWriter(stage, parts, converted)
    for link in links:
        prim = UsdGeom.Xform.Define(stage, root.AppendChild(parts.name(link))).GetPrim()
        set_pose(prim, parts.pose_in(frame, link))
        add_rigid_body(prim, parts, link)
        geoms.add_geoms(link, prim.GetPath())
        add_cameras(stage, parts, link, prim.GetPath())
        add_sites(stage, parts, link, prim.GetPath())
    return UsdGeom.Scope.Define(stage, root.AppendChild("Joints")).GetPath()


def add_articulation(prim: Usd.Prim) -> None:
    """Make a prim the root of an articulation that collides with itself."""
    UsdPhysics.ArticulationRootAPI.Apply(prim)
    prim.AddAppliedSchema("NewtonArticulationRootAPI")
    set_bool(prim, "newton:selfCollisionEnabled", True)
    prim.AddAppliedSchema("PhysxArticulationAPI")
    set_bool(prim, "physxArticulation:enabledSelfCollisions", True)
    set_int(prim, "physxArticulation:solverPositionIterationCount", POSITION_ITERATIONS)
    set_int(prim, "physxArticulation:solverVelocityIterationCount", VELOCITY_ITERATIONS)
    set_float(prim, "physxArticulation:sleepThreshold", 0.0)
    set_float(prim, "physxArticulation:stabilizationThreshold", 0.0)


def filter_pairs(stage: Usd.Stage, parts: WorldParts, links: Sequence[int]) -> None:
    """Let those links of a file pass through each other that do so in MuJoCo.

    Colliders are paired, not links: the root link stands for the whole articulation, and PhysX
    would let every link pass through its partner.
    """
    for signature in parts.model.exclude_signature.tolist():
        first, second = int(signature) >> 16, int(signature) & 0xFFFF
        if first not in links or second not in links:
            continue
        partners = [prim.GetPath() for prim in _colliders(stage, parts, second)]
        for prim in _colliders(stage, parts, first):
            pairs = UsdPhysics.FilteredPairsAPI.Apply(prim).CreateFilteredPairsRel()
            for partner in partners:
                pairs.AddTarget(partner)


def _colliders(stage: Usd.Stage, parts: WorldParts, link: int) -> list[Usd.Prim]:
    prim = stage.GetDefaultPrim().GetChild(parts.name(link))
    return [child for child in prim.GetChildren() if child.HasAPI("PhysicsCollisionAPI")]
