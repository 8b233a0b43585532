"""The USD file of a fixture: a base that is fixed to the world, and parts on joints."""

from pathlib import Path

from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.joints import add_joint
from vla_humanoid.assets.usd.links import add_articulation, add_links, filter_pairs
from vla_humanoid.assets.usd.parts import IDENTITY, Fixture, WorldParts
from vla_humanoid.assets.usd.stages import new_stage, set_pose

_BASE_MASS = 1.0
"""Of a base that has none in MuJoCo [kg]; it is fixed, so that any does."""


def write_fixture(path: Path, parts: WorldParts, converted: Converted, fixture: Fixture) -> None:
    """Write a fixture as the default prim of its file, its base at the origin.

    The articulation's root is the default prim, as Isaac Lab wants it where the base is fixed.
    """
    stage = new_stage(path, fixture.name, "component")
    root = stage.GetDefaultPrim()
    set_pose(root, IDENTITY)
    scope = add_links(stage, parts, converted, fixture.links, parts.world_pose(fixture.base))
    base = root.GetPath().AppendChild(parts.name(fixture.base))
    if fixture.base == 0:
        _add_bare_base(stage, base)
    if not float(parts.model.body_mass[fixture.base]):
        _give_mass(stage.GetPrimAtPath(base))
    _fix(stage, root.GetPath(), base, scope)
    for link in fixture.moving:
        add_joint(stage, parts, converted, link, scope)
    add_articulation(root)
    filter_pairs(stage, parts, fixture.links)
    stage.Save()


def _add_bare_base(stage: Usd.Stage, path: Sdf.Path) -> None:
    """Add a link that stands for the world: an articulation has to have one."""
    prim = UsdGeom.Xform.Define(stage, path).GetPrim()
    set_pose(prim, IDENTITY)
    UsdPhysics.RigidBodyAPI.Apply(prim)


def _give_mass(prim: Usd.Prim) -> None:
    mass = UsdPhysics.MassAPI.Apply(prim)
    mass.CreateMassAttr(_BASE_MASS)
    mass.CreateDiagonalInertiaAttr(Gf.Vec3f(_BASE_MASS))
    mass.CreatePrincipalAxesAttr(Gf.Quatf(1.0))


def _fix(stage: Usd.Stage, root: Sdf.Path, base: Sdf.Path, scope: Sdf.Path) -> None:
    """Fix the base where the default prim is, which is no body."""
    joint = UsdPhysics.FixedJoint.Define(stage, scope.AppendChild("fixed_to_the_world"))
    joint.CreateBody0Rel().SetTargets([root])
    joint.CreateBody1Rel().SetTargets([base])
    for attribute in (joint.CreateLocalPos0Attr, joint.CreateLocalPos1Attr):
        attribute(Gf.Vec3f(0.0))
    for attribute in (joint.CreateLocalRot0Attr, joint.CreateLocalRot1Attr):
        attribute(Gf.Quatf(1.0))
