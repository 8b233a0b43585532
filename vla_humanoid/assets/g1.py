"""The Unitree G1 with Dex3-1 hands as a `mujoco.MjSpec`, built from its figures."""

from typing import Literal, TypeAlias

import mujoco
import numpy as np

from vla_humanoid.assets.figures import Joint, Link, g1
from vla_humanoid.assets.g1_collision import add_collision_geometry
from vla_humanoid.assets.g1_menagerie import add_menagerie_looks, menagerie_directory
from vla_humanoid.assets.g1_visual import add_g1_looks

RobotLooks: TypeAlias = Literal["primitives", "menagerie", "none"]
"""Our own low-polygon shells, MuJoCo Menagerie's meshes (if they are on disk), or nothing."""

JOINT_DAMPING = 0.05
"""Viscous friction of every joint in the simulated robot [N m s/rad]."""
JOINT_FRICTION = 0.1
"""Dry friction of an arm, waist or leg joint in the simulated robot [N m]; fingers have none."""


def robot_spec(looks: RobotLooks = "primitives") -> mujoco.MjSpec:
    """Build the floating-base robot with motors, collision geometry and looks.

    Each joint has an actuator of its own name whose force is
    ``gain * ctrl + bias[0] + bias[1] q + bias[2] dq``; an engine sets gain and bias to form a
    PD-plus-torque motor. Sites ``left_sole`` and ``right_sole`` lie on the floor plane of the feet.

    Raises:
        ValueError: if the looks are unknown, or Menagerie's and its files are not on disk.
    """
    spec = mujoco.MjSpec()
    spec.modelname = "g1_dex3"
    spec.compiler.degree = False
    bodies: dict[str, mujoco.MjsBody] = {}
    for link in g1().links:
        parent = spec.worldbody if link.parent is None else bodies[link.parent]
        bodies[link.name] = _add_link(parent, link)
        if link.joint is not None:
            _add_motor(spec, link.joint)
    _add_soles(spec)
    add_collision_geometry(spec)
    _add_looks(spec, looks)
    return spec


def control_spec() -> mujoco.MjSpec:
    """Build the balance layer's model: the same robot, its fingers fixed half closed, no geometry.

    The hands then weigh what they weigh and the model has 6 + 29 degrees of freedom.
    """
    spec = robot_spec("none")
    for geom in list(spec.geoms):
        spec.delete(geom)
    for exclude in list(spec.excludes):
        spec.delete(exclude)
    for joint in g1().joints:
        if joint.speed is None:
            half_closed = 0.5 * (joint.range[0] + joint.range[1])
            body = spec.joint(joint.name).parent
            rotation, combined = np.zeros(4), np.zeros(4)
            mujoco.mju_axisAngle2Quat(rotation, np.array(joint.axis), half_closed)
            mujoco.mju_mulQuat(combined, body.quat, rotation)
            body.quat = combined
            spec.delete(spec.actuator(joint.name))
            spec.delete(spec.joint(joint.name))
    return spec


def _add_looks(spec: mujoco.MjSpec, looks: RobotLooks) -> None:
    match looks:
        case "primitives":
            add_g1_looks(spec)
        case "menagerie":
            add_menagerie_looks(spec, menagerie_directory())
        case "none":
            pass
        case _:
            raise ValueError(
                f"Unknown looks {looks!r} of the robot; choose primitives, menagerie or none."
            )


def _add_link(parent: mujoco.MjsBody, link: Link) -> mujoco.MjsBody:
    body = parent.add_body(name=link.name, pos=link.position, quat=link.quat_wxyz)
    body.explicitinertial = True
    body.mass = link.mass
    body.ipos = np.array(link.com)
    body.iquat = np.array(link.inertia_quat_wxyz)
    body.inertia = np.array(link.inertia)
    if link.joint is None:
        body.add_freejoint(name="floating_base")
        return body
    finger = link.joint.speed is None
    body.add_joint(
        name=link.joint.name,
        type=mujoco.mjtJoint.mjJNT_HINGE,
        axis=link.joint.axis,
        range=link.joint.range,
        limited=mujoco.mjtLimited.mjLIMITED_TRUE,
        armature=link.joint.armature,
        damping=JOINT_DAMPING if not finger else 0.1 * JOINT_DAMPING,
        frictionloss=0.0 if finger else JOINT_FRICTION,
        actfrclimited=mujoco.mjtLimited.mjLIMITED_TRUE,
        actfrcrange=(-link.joint.effort, link.joint.effort),
    )
    return body


def _add_motor(spec: mujoco.MjSpec, joint: Joint) -> None:
    spec.add_actuator(
        name=joint.name,
        target=joint.name,
        trntype=mujoco.mjtTrn.mjTRN_JOINT,
        gaintype=mujoco.mjtGain.mjGAIN_FIXED,
        biastype=mujoco.mjtBias.mjBIAS_AFFINE,
    )


def _add_soles(spec: mujoco.MjSpec) -> None:
    for side in ("left", "right"):
        foot = spec.body(f"{side}_ankle_roll_link")
        foot.add_site(name=f"{side}_sole", pos=(0.0, 0.0, g1().sole_height))
