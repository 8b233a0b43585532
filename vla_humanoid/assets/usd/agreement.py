"""Reads the figures of a USD scene back, to compare them with the model that it was made from."""

import math
from pathlib import Path

import mujoco
import numpy as np
from pxr import Gf, Usd, UsdGeom

from vla_humanoid.assets.usd.figures import (
    Difference,
    Figures,
    compare,
    inertia_tensor,
    model_figures,
    rotation_matrix,
)
from vla_humanoid.assets.usd.parts import WorldParts
from vla_humanoid.schema import FloatArray

_MOTIONS = {"PhysicsRevoluteJoint": "angular", "PhysicsPrismaticJoint": "linear"}
"""Type of a joint to what USD calls its motion."""


def compare_with_model(scene: Path, model: mujoco.MjModel) -> tuple[Difference, ...]:
    """Compare every figure of a scene file with the compiled model.

    USD keeps most figures in single precision, which is 6e-8 of their size.

    Args:
        scene: `UsdFiles.scene`.
        model: compiled from the spec that was exported.

    Returns:
        The largest difference in each quantity of `figures.UNITS`.
    """
    parts = WorldParts(model)
    stage = Usd.Stage.Open(str(scene))
    return compare(scene_figures(stage, parts), model_figures(parts))


def scene_figures(stage: Usd.Stage, parts: WorldParts) -> Figures:
    """Return the figures of every rigid body and moving joint in a stage, by prim name.

    Args:
        stage: of a scene file.
        parts: gives the bodies their numbers.
    """
    figures: dict[str, dict[str, FloatArray]] = {}
    cache = UsdGeom.XformCache()
    for prim in stage.Traverse():
        if prim.HasAPI("PhysicsRigidBodyAPI"):
            if prim.GetName() == parts.name(0):
                continue  # It stands for the world.
            values = _pose(prim, cache)
            if float(parts.model.body(prim.GetName()).mass[0]):  # Else it is a fixture's base.
                values |= _inertia(prim)
        elif prim.GetTypeName() in _MOTIONS:
            values = _joint(prim, parts)
        else:
            continue
        for quantity, value in values.items():
            figures.setdefault(quantity, {})[prim.GetName()] = value
    return figures


def _pose(prim: Usd.Prim, cache: UsdGeom.XformCache) -> dict[str, FloatArray]:
    matrix = np.array(cache.GetLocalToWorldTransform(prim))  # For rows, so transposed.
    return {"position": matrix[3, :3], "orientation": matrix[:3, :3].T}


def _inertia(prim: Usd.Prim) -> dict[str, FloatArray]:
    return {
        "mass": np.array(prim.GetAttribute("physics:mass").Get()),
        "centre of mass": np.array(prim.GetAttribute("physics:centerOfMass").Get()),
        "inertia": inertia_tensor(
            np.array(prim.GetAttribute("physics:diagonalInertia").Get()),
            _quat(prim, "physics:principalAxes"),
        ),
    }


def _joint(prim: Usd.Prim, parts: WorldParts) -> dict[str, FloatArray]:
    (parent,) = prim.GetRelationship("physics:body0").GetTargets()
    motion = _MOTIONS[prim.GetTypeName()]
    unit = math.radians(1.0) if motion == "angular" else 1.0
    drive, friction = f"drive:{motion}:physics", f"physxJointAxis:{motion}"
    column = "XYZ".index(prim.GetAttribute("physics:axis").Get())
    low, high, effort = (
        _number(prim, name)
        for name in ("physics:lowerLimit", "physics:upperLimit", f"{drive}:maxForce")
    )
    values = {
        "parent": np.array(int(parts.model.body(parent.name).id)),
        "anchor in the parent": np.array(prim.GetAttribute("physics:localPos0").Get()),
        "anchor in the link": np.array(prim.GetAttribute("physics:localPos1").Get()),
        "axis in the parent": rotation_matrix(_quat(prim, "physics:localRot0"))[:, column],
        "axis in the link": rotation_matrix(_quat(prim, "physics:localRot1"))[:, column],
        "stiffness": np.array(_number(prim, f"{drive}:stiffness") / unit),
        "damping": np.array(_number(prim, f"{drive}:damping") / unit),
        "drive target": np.array(_number(prim, f"{drive}:targetPosition") * unit),
        "armature": np.array(_number(prim, f"{friction}:armature")),
        "dry friction": np.array(_number(prim, f"{friction}:staticFrictionEffort")),
        "viscous friction": np.array(
            _number(prim, f"{friction}:viscousFrictionCoefficient") / unit
        ),
    }
    if math.isfinite(low) or math.isfinite(high):
        values["limits"] = unit * np.array([low, high])
    if math.isfinite(effort):
        values["effort"] = np.array(effort)
    return values


def _number(prim: Usd.Prim, name: str) -> float:
    return float(prim.GetAttribute(name).Get())


def _quat(prim: Usd.Prim, name: str) -> FloatArray:
    quat: Gf.Quatf = prim.GetAttribute(name).Get()
    return np.array([quat.GetReal(), *quat.GetImaginary()])
