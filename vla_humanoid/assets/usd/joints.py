"""Joints: frames, limits, drives, springs, armature and friction."""

import math

import mujoco
import numpy as np
from pxr import Gf, Sdf, Usd, UsdPhysics

from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.figures import motor_gains
from vla_humanoid.assets.usd.parts import WorldParts
from vla_humanoid.assets.usd.stages import copy_prim, set_double, set_float, set_token
from vla_humanoid.schema import FloatArray

_AXES = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}


def add_joint(
    stage: Usd.Stage, parts: WorldParts, converted: Converted, link: int, scope: Sdf.Path
) -> None:
    """Add the joint between a link and its parent.

    Args:
        stage: of an articulation, with all links below ``scope``'s parent.
        parts: the world.
        converted: what the converter made of it.
        link: body number.
        scope: of the joints.
    """
    model, joint = parts.model, parts.joint(link)
    if joint is None:
        path = scope.AppendChild(f"{parts.name(link)}_fixed_joint")
        prim = UsdPhysics.FixedJoint.Define(stage, path).GetPrim()
        anchor, turn = np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0])
    else:
        name = str(model.joint(joint).name)
        prim = copy_prim(converted.layer, converted.joints[name], stage, scope.AppendChild(name))
        anchor = model.jnt_pos[joint]
        axis, turn = _axis_frame(model.jnt_axis[joint])
        _set_motion(prim, model, joint, axis)
    _set_frames(prim, parts, link, anchor, turn)


def _set_frames(
    prim: Usd.Prim, parts: WorldParts, link: int, anchor: FloatArray, turn: FloatArray
) -> None:
    """Let both frames coincide in the reference configuration, at the anchor."""
    model = parts.model
    root = prim.GetPath().GetParentPath().GetParentPath()
    joint = UsdPhysics.Joint(prim)
    joint.CreateBody0Rel().SetTargets([root.AppendChild(parts.name(parts.parent(link)))])
    joint.CreateBody1Rel().SetTargets([root.AppendChild(parts.name(link))])
    position, rotation = np.empty(3), np.empty(4)
    mujoco.mju_rotVecQuat(position, anchor, model.body_quat[link])
    mujoco.mju_mulQuat(rotation, model.body_quat[link], turn)
    joint.CreateLocalPos0Attr(Gf.Vec3f(*(model.body_pos[link] + position).tolist()))
    joint.CreateLocalRot0Attr(Gf.Quatf(*rotation.tolist()))
    joint.CreateLocalPos1Attr(Gf.Vec3f(*anchor.tolist()))
    joint.CreateLocalRot1Attr(Gf.Quatf(*turn.tolist()))


def _axis_frame(axis: FloatArray) -> tuple[str, FloatArray]:
    """Return the axis of a joint frame, and that frame's rotation in the link, that give an axis.

    USD joints move along or about x, y or z of their own frame; PhysX is exact without a rotation.
    """
    for token, unit in _AXES.items():
        if np.array_equal(axis, unit):
            return token, np.array([1.0, 0.0, 0.0, 0.0])
    z_turned = np.empty(4)
    mujoco.mju_quatZ2Vec(z_turned, np.asarray(axis, dtype=np.float64))
    return "Z", z_turned


def _set_motion(prim: Usd.Prim, model: mujoco.MjModel, joint: int, axis: str) -> None:
    """Give a joint its limits, armature and friction; USD counts angles in degrees."""
    if float(model.qpos0[int(model.jnt_qposadr[joint])]) != 0.0:
        raise ValueError(f"The joint {prim.GetName()} has a ref other than 0, which USD has not.")
    motion, unit = _motion(model, joint)
    dof = int(model.jnt_dofadr[joint])
    prim.GetAttribute("physics:axis").Set(axis)
    low, high = (model.jnt_range[joint] / unit).tolist()
    limited = bool(model.jnt_limited[joint])
    set_float(prim, "physics:lowerLimit", low if limited else -math.inf)
    set_float(prim, "physics:upperLimit", high if limited else math.inf)
    armature, dry = float(model.dof_armature[dof]), float(model.dof_frictionloss[dof])
    viscous = unit * float(np.ravel(model.dof_damping[dof])[0])
    set_float(prim, "newton:armature", armature)
    set_float(prim, "newton:friction", dry)
    set_float(prim, "newton:damping", viscous)
    prim.AddAppliedSchema("PhysxJointAPI")  # Of Isaac Sim up to 5.1.
    set_float(prim, "physxJoint:armature", armature)
    prim.AddAppliedSchema(f"PhysxJointAxisAPI:{motion}")
    set_float(prim, f"physxJointAxis:{motion}:armature", armature)
    set_float(prim, f"physxJointAxis:{motion}:staticFrictionEffort", dry)
    set_float(prim, f"physxJointAxis:{motion}:dynamicFrictionEffort", dry)
    set_float(prim, f"physxJointAxis:{motion}:viscousFrictionCoefficient", viscous)
    _set_drive(prim, model, joint)


def _motion(model: mujoco.MjModel, joint: int) -> tuple[str, float]:
    """Return what USD calls a joint's motion, and the unit of its positions there.

    Raises:
        ValueError: if the joint neither turns about an axis nor slides along one.
    """
    kind = int(model.jnt_type[joint])
    if kind == int(mujoco.mjtJoint.mjJNT_HINGE):
        return "angular", math.radians(1.0)
    if kind == int(mujoco.mjtJoint.mjJNT_SLIDE):
        return "linear", 1.0
    name = model.joint(joint).name
    raise ValueError(f"The joint {name} is no hinge and no slide; USD export knows only those.")


def _set_drive(prim: Usd.Prim, model: mujoco.MjModel, joint: int) -> None:
    """Give a joint the drive that its actuator is, or its spring."""
    motion, unit = _motion(model, joint)
    stiffness, damping, target = motor_gains(model, joint)
    drive = f"drive:{motion}:physics"
    prim.AddAppliedSchema(f"PhysicsDriveAPI:{motion}")
    set_token(prim, f"{drive}:type", "force")
    set_float(prim, f"{drive}:stiffness", unit * stiffness)
    set_float(prim, f"{drive}:damping", unit * damping)
    set_float(prim, f"{drive}:targetPosition", target / unit)
    set_float(prim, f"{drive}:targetVelocity", 0.0)
    if bool(model.jnt_actfrclimited[joint]):
        set_float(prim, f"{drive}:maxForce", float(model.jnt_actfrcrange[joint][1]))
    if stiffness:
        # Newton reads the drive as well, and would have a spring twice.
        set_double(prim, "mjc:stiffness", 0.0)
