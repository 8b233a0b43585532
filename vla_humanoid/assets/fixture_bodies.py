"""Turns fixtures into bodies of a `mujoco.MjSpec`: a fixed casing and a part on one joint."""

import math

import mujoco

from vla_humanoid.assets.fixtures.model import FixtureModel
from vla_humanoid.assets.object_bodies import add_part
from vla_humanoid.assets.parts import Box, Part
from vla_humanoid.assets.scene import Fixture, Quat, StaticBox, Vec3

STIFF_LIMIT = (0.004, 1.0)
"""Reference of the joint's limits: two steps, so that a part stops where it should."""
ARMATURE = 0.01
"""Of the joint, which keeps light parts calm [kg] or [kg m^2]."""


def add_fixture(spec: mujoco.MjSpec, fixture: Fixture, model: FixtureModel, friction: Vec3) -> None:
    """Add a fixture: a body of its name and, in it, ``<name>_part`` on ``<name>_joint``.

    Args:
        spec: where to add it; it has the materials of `object_bodies.add_finishes`.
        fixture: what to add; where its joint is at first is for a state to say.
        model: what it is made of.
        friction: of its surface, where what touches it does not bring more.
    """
    scale = fixture.scale
    casing = spec.worldbody.add_body(
        name=fixture.name, pos=fixture.position, quat=_about_z(fixture.yaw)
    )
    part = casing.add_body(name=f"{fixture.name}_part")
    slides = model.motion == "slide"
    part.add_joint(
        name=f"{fixture.name}_joint",
        type=mujoco.mjtJoint.mjJNT_SLIDE if slides else mujoco.mjtJoint.mjJNT_HINGE,
        axis=model.axis,
        pos=[scale * component for component in model.anchor],
        limited=mujoco.mjtLimited.mjLIMITED_TRUE,
        range=[scale * limit for limit in model.limits] if slides else model.limits,
        solref_limit=STIFF_LIMIT,
        frictionloss=fixture.resistance * model.dry_friction,
        damping=fixture.resistance * model.damping,
        stiffness=model.stiffness,
        armature=ARMATURE,
    )
    for body, parts, mass in ((casing, model.casing, 0.0), (part, model.moving, model.mass)):
        for index, piece in enumerate(parts):
            geom = add_part(spec, body, f"{body.name}_{index}", piece, fixture.rgb, scale)
            geom.mass = piece.mass_share * mass
            geom.friction[:] = friction
    # What slides or turns within its casing must not be caught by it.
    spec.add_exclude(
        name=f"{fixture.name}_play", bodyname1=fixture.name, bodyname2=f"{fixture.name}_part"
    )


def add_static_box(spec: mujoco.MjSpec, box: StaticBox, friction: Vec3) -> None:
    """Add a box as a body of its name that is fixed to the world; arguments as `add_fixture`."""
    body = spec.worldbody.add_body(name=box.name, pos=box.position, quat=_about_z(box.yaw))
    x, y, z = box.size
    part = Part(Box((0.5 * x, 0.5 * y, 0.5 * z)))
    add_part(spec, body, box.name, part, box.rgb).friction[:] = friction


def _about_z(yaw: float) -> Quat:
    return math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw)
