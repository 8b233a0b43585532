"""Geoms: their form and place; `looks` and `surfaces` do the rest."""

from pathlib import Path

import mujoco
from pxr import Gf, Sdf, Usd, UsdGeom

from vla_humanoid.assets.scene import Vec3
from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.looks import LookWriter
from vla_humanoid.assets.usd.parts import WorldParts, pose
from vla_humanoid.assets.usd.stages import copy_prim, set_pose
from vla_humanoid.assets.usd.surfaces import SurfaceWriter


class GeomWriter:
    """Writes geoms into one USD file, with the materials that they share.

    Args:
        stage: of the file.
        parts: the world.
        converted: what the converter made of it.
    """

    def __init__(self, stage: Usd.Stage, parts: WorldParts, converted: Converted) -> None:
        self._stage = stage
        self._parts = parts
        self._converted = converted
        self._looks = LookWriter(stage, parts.model, Path(stage.GetRootLayer().realPath).parent)
        self._surfaces = SurfaceWriter(stage, parts.model)

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
            self._surfaces.add_surface(prim, geom)


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
