"""A world of things on joints, and of many balls."""

from collections.abc import Sequence

import mujoco
import numpy as np

from vla_humanoid.assets.object_bodies import (
    BALL_ROLLING_FRICTION,
    SOLIMP,
    SOLREF,
    TORSIONAL_FRICTION,
)
from vla_humanoid.assets.scene import Scene, Vec3
from vla_humanoid.assets.world import build_world

HINGE, SLIDE = mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE
BOX, SPHERE = mujoco.mjtGeom.mjGEOM_BOX, mujoco.mjtGeom.mjGEOM_SPHERE
BALLS = tuple(f"ball_{k}" for k in range(12))
RADIUS = 0.012
"""Of a ball [m]."""
JOINTS = ("drawer_joint", "button_joint", "door_joint", "latch_joint", "lever_joint")
TURN = (np.cos(0.3), 0.0, 0.0, np.sin(0.3))


def jointed_world() -> mujoco.MjSpec:
    """Return a robot before a cabinet, a door with a latch on it, a lever and twelve balls.

    The cabinet is turned, has a drawer and a button with a spring; the latch is on the door, and
    has a spring that rests where its range does not begin; the lever is on nothing but the world.
    """
    spec = build_world(Scene())
    cabinet = spec.worldbody.add_body(name="cabinet", pos=(0.8, 0.5, 0.3), quat=TURN)
    box(cabinet, "cabinet_box", (0.2, 0.2, 0.3), mass=0.0)
    drawer = cabinet.add_body(name="drawer", pos=(-0.21, 0.0, 0.1))
    box(drawer, "drawer_box", (0.15, 0.1, 0.05), mass=0.8)
    drawer.add_joint(
        name="drawer_joint",
        type=SLIDE,
        axis=(-1, 0, 0),
        range=(0.0, 0.16),
        frictionloss=1.5,
        damping=8.0,
        armature=0.01,
    )
    spec.add_exclude(name="drawer_play", bodyname1="cabinet", bodyname2="drawer")
    button = cabinet.add_body(name="button", pos=(-0.215, 0.0, 0.25))
    box(button, "button_box", (0.01, 0.02, 0.02), mass=0.05)
    button.add_joint(
        name="button_joint",
        type=SLIDE,
        axis=(1, 0, 0),
        range=(0.0, 0.012),
        stiffness=400.0,
        damping=4.0,
        armature=0.01,
        springref=-0.002,
    )
    frame = spec.worldbody.add_body(name="frame", pos=(1.0, -0.6, 0.0))
    door = frame.add_body(name="door", pos=(0.0, 0.0, 0.5))
    box(door, "door_box", (0.02, 0.2, 0.4), pos=(0.0, 0.2, 0.0), mass=2.0)
    door.add_joint(
        name="door_joint",
        type=HINGE,
        axis=(0, 0, 1),
        range=(-1.5, 0.1),
        frictionloss=0.2,
        damping=0.5,
        armature=0.01,
    )
    latch = door.add_body(name="latch", pos=(-0.04, 0.35, 0.0), quat=TURN)
    box(latch, "latch_box", (0.01, 0.06, 0.01), pos=(0.0, -0.05, 0.0), mass=0.1)
    latch.add_joint(
        name="latch_joint",
        type=HINGE,
        axis=(0.6, 0, 0.8),
        range=(-0.2, 1.0),
        stiffness=0.8,
        springref=0.3,
        damping=0.05,
        armature=0.001,
        pos=(0.0, 0.01, 0.0),
    )
    lever = spec.worldbody.add_body(name="lever", pos=(0.0, 1.2, 1.0))
    box(lever, "lever_box", (0.1, 0.02, 0.02), pos=(0.1, 0.0, 0.0), mass=0.3)
    lever.add_joint(
        name="lever_joint",
        type=HINGE,
        axis=(0, 1, 0),
        damping=0.05,
        armature=0.01,
        limited=mujoco.mjtLimited.mjLIMITED_FALSE,
    )
    add_balls(spec, [(-0.5 + 0.05 * (k % 4), 0.9, 0.1 + k // 4) for k in range(len(BALLS))])
    return spec


def add_balls(spec: mujoco.MjSpec, places: Sequence[Vec3]) -> None:
    """Add the balls, each a free body with the surface that things have."""
    for name, place in zip(BALLS, places, strict=True):
        ball = spec.worldbody.add_body(name=name, pos=place)
        ball.add_freejoint(name=f"{name}_joint")
        geom = ball.add_geom(type=SPHERE, size=(RADIUS, 0.0, 0.0), mass=0.005, condim=6, priority=1)
        geom.friction[:] = (0.5, TORSIONAL_FRICTION, BALL_ROLLING_FRICTION)
        geom.solref[:], geom.solimp[:] = SOLREF, SOLIMP


def box(
    body: mujoco.MjsBody,
    name: str,
    half: tuple[float, float, float],
    *,
    mass: float,
    pos: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> None:
    """Add a box to a body."""
    body.add_geom(name=name, type=BOX, size=half, pos=pos, mass=mass, rgba=(0.5, 0.4, 0.3, 1.0))
