"""Joints of the robot: frames, limits, drives, armature and friction."""

import math

import mujoco
import numpy as np
from pxr import Gf, Sdf, Usd, UsdPhysics

from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.figures import motor_gains
from vla_humanoid.assets.usd.parts import WorldParts
from vla_humanoid.assets.usd.stages import copy_prim, set_float, set_token
from vla_humanoid.schema import FloatArray

_AXES = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}


def add_joint(
    stage: Usd.Stage, parts: WorldParts, converted: Converted, link: int, scope: Sdf.Path
) -> None:
    """Add the joint between a link and its parent.

    Args:
        stage: of the robot, with all links below ``scope``'s parent.
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
        _set_revolute(prim, model, joint, axis)
    _set_frames(prim, parts, link, anchor, turn)


def _set_frames(
    prim: Usd.Prim, parts: WorldParts, link: int, anchor: FloatArray, turn: FloatArray
) -> None:
    """Let both frames coincide in the reference configuration, at the anchor."""
    model = parts.model
    robot = prim.GetPath().GetParentPath().GetParentPath()
    joint = UsdPhysics.Joint(prim)
    joint.CreateBody0Rel().SetTargets([robot.AppendChild(parts.name(parts.parent(link)))])
    joint.CreateBody1Rel().SetTargets([robot.AppendChild(parts.name(link))])
    position, rotation = np.empty(3), np.empty(4)
    mujoco.mju_rotVecQuat(position, anchor, model.body_quat[link])
    mujoco.mju_mulQuat(rotation, model.body_quat[link], turn)
    joint.CreateLocalPos0Attr(Gf.Vec3f(*(model.body_pos[link] + position).tolist()))
    joint.CreateLocalRot0Attr(Gf.Quatf(*rotation.tolist()))
    joint.CreateLocalPos1Attr(Gf.Vec3f(*anchor.tolist()))
    joint.CreateLocalRot1Attr(Gf.Quatf(*turn.tolist()))


def _axis_frame(axis: FloatArray) -> tuple[str, FloatArray]:
    """Return the axis of a joint frame, and that frame's rotation in the link, that give an axis.

    USD joints turn about x, y or z of their own frame; PhysX is exact without a rotation.
    """
    for token, unit in _AXES.items():
        if np.array_equal(axis, unit):
            return token, np.array([1.0, 0.0, 0.0, 0.0])
    z_turned = np.empty(4)
    mujoco.mju_quatZ2Vec(z_turned, np.asarray(axis, dtype=np.float64))
    return "Z", z_turned


def _set_revolute(prim: Usd.Prim, model: mujoco.MjModel, joint: int, axis: str) -> None:
    if int(model.jnt_type[joint]) != int(mujoco.mjtJoint.mjJNT_HINGE):
        raise ValueError(f"The joint {prim.GetName()} is no hinge; USD export knows only those.")
    dof = int(model.jnt_dofadr[joint])
    revolute = UsdPhysics.RevoluteJoint(prim)
    revolute.CreateAxisAttr(axis)
    low, high = np.degrees(model.jnt_range[joint]).tolist()
    limited = bool(model.jnt_limited[joint])
    revolute.CreateLowerLimitAttr(low if limited else -math.inf)
    revolute.CreateUpperLimitAttr(high if limited else math.inf)
    armature, dry = float(model.dof_armature[dof]), float(model.dof_frictionloss[dof])
    viscous = math.radians(float(np.ravel(model.dof_damping[dof])[0]))  # [N m s/deg]
    set_float(prim, "newton:armature", armature)
    set_float(prim, "newton:friction", dry)
    set_float(prim, "newton:damping", viscous)
    prim.AddAppliedSchema("PhysxJointAPI")  # Of Isaac Sim up to 5.1.
    set_float(prim, "physxJoint:armature", armature)
    prim.AddAppliedSchema("PhysxJointAxisAPI:angular")
    set_float(prim, "physxJointAxis:angular:armature", armature)
    set_float(prim, "physxJointAxis:angular:staticFrictionEffort", dry)
    set_float(prim, "physxJointAxis:angular:dynamicFrictionEffort", dry)
    set_float(prim, "physxJointAxis:angular:viscousFrictionCoefficient", viscous)
    _set_drive(prim, model, joint)


def _set_drive(prim: Usd.Prim, model: mujoco.MjModel, joint: int) -> None:
    """Give a joint the drive that its actuator is; USD counts angles in degrees."""
    stiffness, damping = motor_gains(model, joint)
    prim.AddAppliedSchema("PhysicsDriveAPI:angular")
    set_token(prim, "drive:angular:physics:type", "force")
    set_float(prim, "drive:angular:physics:stiffness", math.radians(stiffness))
    set_float(prim, "drive:angular:physics:damping", math.radians(damping))
    set_float(prim, "drive:angular:physics:targetPosition", 0.0)
    set_float(prim, "drive:angular:physics:targetVelocity", 0.0)
    if bool(model.jnt_actfrclimited[joint]):
        set_float(prim, "drive:angular:physics:maxForce", float(model.jnt_actfrcrange[joint][1]))
