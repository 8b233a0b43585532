"""Collision geometry of the G1 out of primitives, to stand, to grasp and not to pass through.

Each primitive is fixed to one link and given in that link's frame [m]. Left-hand entries are
mirrored in y for the right side.
"""

from dataclasses import dataclass
from typing import TypeAlias

import mujoco
import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.assets.geom_groups import COLLISION_GROUP
from vla_humanoid.assets.scene import Vec3

ROBOT_CONTYPE, ROBOT_CONAFFINITY = 2, 3
"""Robot geoms collide with the world (bit 1) and with each other (bit 2)."""

FINGER_FRICTION = (1.0, 0.01, 0.0005)
"""Sliding, torsional [m] and rolling [m] coefficients of finger pads, on anything but graspable
things: those govern their contacts themselves."""
SOLE_FRICTION = (0.9, 0.02, 0.001)
"""Nominal; a world gives its soles the friction of its floor."""
BODY_FRICTION = (0.6, 0.005, 0.0001)


@dataclass(frozen=True)
class Capsule:
    """A capsule from ``start`` to ``end``, both centres of its half spheres."""

    link: str
    start: Vec3
    end: Vec3
    radius: float


@dataclass(frozen=True)
class Block:
    """A box with half sizes ``size`` about ``center``."""

    link: str
    center: Vec3
    size: Vec3


Part: TypeAlias = Capsule | Block

TRUNK: tuple[Part, ...] = (
    Block("pelvis", (0.0, 0.0, -0.06), (0.06, 0.08, 0.06)),
    Block("torso_link", (0.0, 0.0, 0.15), (0.07, 0.095, 0.13)),
    Capsule("torso_link", (0.02, 0.0, 0.36), (0.02, 0.0, 0.44), 0.075),
)

LEFT_LIMBS: tuple[Part, ...] = (
    Capsule("left_hip_yaw_link", (0.0, 0.0, -0.05), (-0.06, 0.0, -0.15), 0.06),
    Capsule("left_knee_link", (0.01, 0.0, -0.03), (0.0, 0.0, -0.24), 0.045),
    Capsule("left_shoulder_yaw_link", (0.005, 0.0, -0.02), (0.01, 0.0, -0.08), 0.038),
    Capsule("left_elbow_link", (0.03, 0.002, -0.01), (0.13, 0.002, -0.01), 0.032),
    Capsule("left_wrist_pitch_link", (0.0, 0.0, 0.0), (0.03, 0.0, 0.0), 0.03),
)

LEFT_PALM: tuple[Part, ...] = (
    Block("left_wrist_yaw_link", (0.085, 0.012, 0.0), (0.04, 0.016, 0.042)),
)

LEFT_FINGERS: tuple[Part, ...] = (
    Capsule("left_hand_thumb_0_link", (-0.0025, -0.008, 0.0), (-0.0025, -0.016, 0.0), 0.012),
    Capsule("left_hand_thumb_1_link", (0.0, -0.006, 0.0), (0.0, -0.044, 0.0), 0.011),
    Capsule("left_hand_thumb_2_link", (0.0, -0.002, 0.0), (0.0, -0.046, 0.0), 0.010),
    Capsule("left_hand_middle_0_link", (0.006, 0.0, 0.0), (0.044, 0.0, 0.0), 0.011),
    Capsule("left_hand_middle_1_link", (0.002, 0.0, 0.0), (0.046, 0.0, 0.0), 0.010),
    Capsule("left_hand_index_0_link", (0.006, 0.0, 0.0), (0.044, 0.0, 0.0), 0.011),
    Capsule("left_hand_index_1_link", (0.002, 0.0, 0.0), (0.046, 0.0, 0.0), 0.010),
)

NEIGHBOURS = (
    ("pelvis", "torso_link"),
    ("pelvis", "left_hip_yaw_link"),
    ("torso_link", "left_shoulder_yaw_link"),
    ("left_elbow_link", "left_wrist_pitch_link"),
    ("left_hip_yaw_link", "left_ankle_roll_link"),
    ("left_elbow_link", "left_wrist_yaw_link"),
    ("left_wrist_pitch_link", "left_hand_thumb_0_link"),
    ("left_wrist_yaw_link", "left_hand_thumb_1_link"),
    ("left_wrist_yaw_link", "left_hand_thumb_2_link"),
    ("left_wrist_yaw_link", "left_hand_middle_1_link"),
    ("left_wrist_yaw_link", "left_hand_index_1_link"),
    ("left_hand_thumb_0_link", "left_hand_thumb_2_link"),
    ("left_hand_middle_0_link", "left_hand_index_0_link"),
    ("left_hand_middle_0_link", "left_hand_index_1_link"),
    ("left_hand_middle_1_link", "left_hand_index_0_link"),
    ("left_hand_middle_1_link", "left_hand_index_1_link"),
)
"""Pairs that overlap by construction or move in parallel: their contacts would mean nothing."""


def add_collision_geometry(spec: mujoco.MjSpec) -> None:
    """Add every collision geom to a robot spec whose bodies bear the links' names."""
    for part in TRUNK:
        _add_part(spec, part, BODY_FRICTION)
    for part in LEFT_LIMBS + LEFT_PALM:
        _add_part(spec, part, BODY_FRICTION)
        _add_part(spec, mirrored(part), BODY_FRICTION)
    for part in LEFT_FINGERS:
        _add_part(spec, part, FINGER_FRICTION)
        _add_part(spec, mirrored(part), FINGER_FRICTION)
    for side in ("left", "right"):
        _add_sole(spec, side)
    for first, second in NEIGHBOURS:
        spec.add_exclude(bodyname1=first, bodyname2=second)
        if "left" in first + second:
            spec.add_exclude(bodyname1=_other_side(first), bodyname2=_other_side(second))


def set_sole_friction(spec: mujoco.MjSpec, sliding: float) -> None:
    """Give the soles of a robot spec another sliding friction coefficient."""
    for side in ("left", "right"):
        for geom in spec.body(f"{side}_ankle_roll_link").geoms:
            if geom.group == COLLISION_GROUP:
                geom.friction[0] = sliding


def mirrored(part: Part) -> Part:
    """Return the right side's part for a left side's part."""
    link = _other_side(part.link)
    if isinstance(part, Capsule):
        return Capsule(link, _flip(part.start), _flip(part.end), part.radius)
    return Block(link, _flip(part.center), part.size)


def _other_side(name: str) -> str:
    return name.replace("left_", "right_")


def _flip(vector: Vec3) -> Vec3:
    return vector[0], -vector[1], vector[2]


def _add_part(spec: mujoco.MjSpec, part: Part, friction: Vec3) -> None:
    geom = spec.body(part.link).add_geom(
        group=COLLISION_GROUP,
        contype=ROBOT_CONTYPE,
        conaffinity=ROBOT_CONAFFINITY,
        condim=4,
        friction=friction,
        mass=0.0,
    )
    if isinstance(part, Capsule):
        geom.type = mujoco.mjtGeom.mjGEOM_CAPSULE
        geom.fromto = np.array([*part.start, *part.end])
        geom.size = np.array([part.radius, 0.0, 0.0])
    else:
        geom.type = mujoco.mjtGeom.mjGEOM_BOX
        geom.pos = np.array(part.center)
        geom.size = np.array(part.size)


def _add_sole(spec: mujoco.MjSpec, side: str) -> None:
    foot = spec.body(f"{side}_ankle_roll_link")
    for corner in g1().sole_corners:
        foot.add_geom(
            type=mujoco.mjtGeom.mjGEOM_SPHERE,
            pos=corner,
            size=(g1().contact_radius, 0.0, 0.0),
            group=COLLISION_GROUP,
            contype=ROBOT_CONTYPE,
            conaffinity=ROBOT_CONAFFINITY,
            condim=3,
            friction=SOLE_FRICTION,
            mass=0.0,
        )
