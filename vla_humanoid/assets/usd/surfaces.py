"""Surfaces of colliders: contact offsets and friction."""

import mujoco
from pxr import Usd, UsdGeom, UsdPhysics, UsdShade

from vla_humanoid.assets.scene import Vec3
from vla_humanoid.assets.usd.stages import set_float, set_token

CONTACT_OFFSET = 0.005
"""Distance at which contacts are generated; touching surfaces have distance 0 [m]."""


class SurfaceWriter:
    """Writes the physics materials of one USD file, shared among its colliders.

    Args:
        stage: of the file.
        model: compiled.
    """

    def __init__(self, stage: Usd.Stage, model: mujoco.MjModel) -> None:
        self._stage = stage
        self._model = model
        self._scope = stage.GetDefaultPrim().GetPath().AppendChild("PhysicsMaterials")
        self._materials: dict[tuple[Vec3, int], UsdShade.Material] = {}

    def add_surface(self, prim: Usd.Prim, geom: int) -> None:
        """Give a collider the surface of a geom."""
        prim.AddAppliedSchema("PhysxCollisionAPI")
        set_float(prim, "physxCollision:contactOffset", CONTACT_OFFSET)
        set_float(prim, "physxCollision:restOffset", 0.0)
        radius = self._torsional_radius(geom)
        set_float(prim, "physxCollision:torsionalPatchRadius", radius)
        set_float(prim, "physxCollision:minTorsionalPatchRadius", radius)
        UsdShade.MaterialBindingAPI.Apply(prim).Bind(
            self._material(geom), UsdShade.Tokens.weakerThanDescendants, "physics"
        )

    def _torsional_radius(self, geom: int) -> float:
        """Return the radius of the patch with which PhysX makes torsional friction [m].

        Of two geoms' radii it takes the larger; MuJoCo takes that of the one with priority, so
        that only those get one.
        """
        model = self._model
        sliding, torsional, _ = (float(value) for value in model.geom_friction[geom])
        has_priority = int(model.geom_priority[geom]) > 0 and int(model.geom_condim[geom]) >= 4
        return torsional / sliding if has_priority and sliding > 0.0 else 0.0

    def _material(self, geom: int) -> UsdShade.Material:
        sliding, torsional, rolling = (float(value) for value in self._model.geom_friction[geom])
        priority = int(self._model.geom_priority[geom])
        key = (sliding, torsional, rolling), priority
        if key not in self._materials:
            UsdGeom.Scope.Define(self._stage, self._scope)
            path = self._scope.AppendChild(f"surface_{len(self._materials)}")
            self._materials[key] = UsdShade.Material.Define(self._stage, path)
            prim = self._materials[key].GetPrim()
            physics = UsdPhysics.MaterialAPI.Apply(prim)
            physics.CreateStaticFrictionAttr(sliding)
            physics.CreateDynamicFrictionAttr(sliding)
            physics.CreateRestitutionAttr(0.0)
            prim.AddAppliedSchema("NewtonMaterialAPI")
            set_float(prim, "newton:torsionalFriction", torsional)
            set_float(prim, "newton:rollingFriction", rolling)
            prim.AddAppliedSchema("PhysxMaterialAPI")
            set_token(prim, "physxMaterial:frictionCombineMode", _combine_mode(sliding, priority))
        return self._materials[key]


def _combine_mode(sliding: float, priority: int) -> str:
    """Return how PhysX combines a friction coefficient with that of what it touches.

    Of two surfaces' modes PhysX takes the later in the order average, min, multiply, max. MuJoCo
    takes the larger coefficient, unless one surface has priority, as all graspable things have:
    then that one's. So does this choice, wherever a thing with priority meets a coefficient of 1,
    as that of fingers is, or one below its own. Where two things meet, PhysX averages.
    """
    if priority > 0:
        return "average"
    return "multiply" if sliding == 1.0 else "max"
