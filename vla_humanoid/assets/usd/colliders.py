"""Geoms: their form, their contacts and the friction of their surfaces."""

from pathlib import Path

import mujoco
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics, UsdShade

from vla_humanoid.assets.scene import Vec3
from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.looks import LookWriter
from vla_humanoid.assets.usd.parts import WorldParts, pose
from vla_humanoid.assets.usd.stages import copy_prim, set_float, set_pose, set_token

CONTACT_OFFSET = 0.005
"""Distance at which contacts are generated; touching surfaces have distance 0 [m]."""


class GeomWriter:
    """Writes geoms into one USD file, with the physics materials that they share.

    Args:
        stage: of the file.
        parts: the world.
        converted: what the converter made of it.
    """

    def __init__(self, stage: Usd.Stage, parts: WorldParts, converted: Converted) -> None:
        self._stage = stage
        self._parts = parts
        self._converted = converted
        self._root = stage.GetDefaultPrim().GetPath()
        self._looks = LookWriter(stage, parts.model, Path(stage.GetRootLayer().realPath).parent)
        self._surfaces: dict[tuple[Vec3, int], UsdShade.Material] = {}

    def add_geoms(self, body: int, parent: Sdf.Path) -> None:
        """Add every geom of a body below its prim."""
        for count, geom in enumerate(self._parts.geoms(body)):
            self._add(geom, parent.AppendChild(self._name(geom, count)))

    def _name(self, geom: int, count: int) -> str:
        name = str(self._parts.model.geom(geom).name)
        if name.isidentifier() and name.isascii():
            return name
        return f"collision_{count}" if self._collides(geom) else f"visual_{count}"

    def _collides(self, geom: int) -> bool:
        model = self._parts.model
        return bool(model.geom_contype[geom]) or bool(model.geom_conaffinity[geom])

    def _add(self, geom: int, path: Sdf.Path) -> None:
        model = self._parts.model
        prim = copy_prim(self._converted.layer, self._converted.geoms[geom], self._stage, path)
        prim.ClearMetadata("displayName")
        prim.ClearMetadata("uiHints")
        prim.RemoveAppliedSchema("MaterialBindingAPI")
        scale = _set_form(prim, model, geom)
        set_pose(prim, pose(model.geom_pos[geom], model.geom_quat[geom]), scale)
        self._looks.dress(prim, geom)
        if self._collides(geom):
            # The body has the mass; a second opinion would only confuse.
            prim.RemoveAppliedSchema("PhysicsMassAPI")
            prim.RemoveProperty("physics:mass")
            prim.RemoveProperty("physics:density")
            prim.AddAppliedSchema("PhysxCollisionAPI")
            set_float(prim, "physxCollision:contactOffset", CONTACT_OFFSET)
            set_float(prim, "physxCollision:restOffset", 0.0)
            radius = self._torsional_radius(geom)
            set_float(prim, "physxCollision:torsionalPatchRadius", radius)
            set_float(prim, "physxCollision:minTorsionalPatchRadius", radius)
            UsdShade.MaterialBindingAPI.Apply(prim).Bind(
                self._surface(geom), UsdShade.Tokens.weakerThanDescendants, "physics"
            )

    def _torsional_radius(self, geom: int) -> float:
        """Return the radius of the patch with which PhysX makes torsional friction [m].

        Of two geoms' radii it takes the larger; MuJoCo takes that of the one with priority, so
        that only those get one.
        """
        model = self._parts.model
        sliding, torsional, _ = (float(value) for value in model.geom_friction[geom])
        has_priority = int(model.geom_priority[geom]) > 0 and int(model.geom_condim[geom]) >= 4
        return torsional / sliding if has_priority and sliding > 0.0 else 0.0

    def _surface(self, geom: int) -> UsdShade.Material:
        """Return the physics material of a geom."""
        model = self._parts.model
        sliding, torsional, rolling = (float(value) for value in model.geom_friction[geom])
        priority = int(model.geom_priority[geom])
        key = (sliding, torsional, rolling), priority
        if key not in self._surfaces:
            path = self._root.AppendPath(f"PhysicsMaterials/surface_{len(self._surfaces)}")
            material = UsdShade.Material.Define(self._stage, path)
            UsdGeom.Scope.Define(self._stage, path.GetParentPath())
            prim = material.GetPrim()
            physics = UsdPhysics.MaterialAPI.Apply(prim)
            physics.CreateStaticFrictionAttr(sliding)
            physics.CreateDynamicFrictionAttr(sliding)
            physics.CreateRestitutionAttr(0.0)
            prim.AddAppliedSchema("NewtonMaterialAPI")
            set_float(prim, "newton:torsionalFriction", torsional)
            set_float(prim, "newton:rollingFriction", rolling)
            prim.AddAppliedSchema("PhysxMaterialAPI")
            mode = combine_mode(sliding, priority)
            set_token(prim, "physxMaterial:frictionCombineMode", mode)
            self._surfaces[key] = material
        return self._surfaces[key]


def combine_mode(sliding: float, priority: int) -> str:
    """Return how PhysX combines a friction coefficient with that of what it touches.

    Of two surfaces' modes PhysX takes the later in the order average, min, multiply, max. MuJoCo
    takes the larger coefficient, unless one surface has priority, as all graspable things have:
    then that one's. So does this choice, wherever a thing with priority meets a coefficient of 1,
    as that of fingers is, or one below its own. Where two things meet, PhysX averages.
    """
    if priority > 0:
        return "average"
    return "multiply" if sliding == 1.0 else "max"


def _set_form(prim: Usd.Prim, model: mujoco.MjModel, geom: int) -> Vec3:
    """Give a geom its size in full precision; return the scale that its pose needs."""
    kind, (a, b, c) = int(model.geom_type[geom]), model.geom_size[geom].tolist()
    kinds = mujoco.mjtGeom
    if kind == int(kinds.mjGEOM_BOX):
        return a, b, c
    if kind == int(kinds.mjGEOM_SPHERE):
        UsdGeom.Sphere(prim).CreateRadiusAttr(a)
    elif kind == int(kinds.mjGEOM_CAPSULE):
        UsdGeom.Capsule(prim).CreateRadiusAttr(a)
        UsdGeom.Capsule(prim).CreateHeightAttr(2.0 * b)
    elif kind == int(kinds.mjGEOM_CYLINDER):
        UsdGeom.Cylinder(prim).CreateRadiusAttr(a)
        UsdGeom.Cylinder(prim).CreateHeightAttr(2.0 * b)
    _set_extent(prim)
    return 1.0, 1.0, 1.0


def _set_extent(prim: Usd.Prim) -> None:
    extent = UsdGeom.Boundable.ComputeExtentFromPlugins(
        UsdGeom.Boundable(prim), Usd.TimeCode.Default()
    )
    if extent:
        UsdGeom.Boundable(prim).CreateExtentAttr([Gf.Vec3f(corner) for corner in extent])
