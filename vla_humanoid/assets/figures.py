"""The Unitree G1's figures: links, joints and motors, read from ``data/g1_dex3.json``.

The file holds manufacturer's figures of the 29-joint G1 with two Dex3-1 hands; nothing here depends
on a simulator.
"""

import json
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from typing import TypedDict

from vla_humanoid.assets.scene import Quat, Vec3

HAND_ARMATURE = 5e-4
"""Rotor inertia of a finger joint [kg m^2]: not published; chosen small against a grasp."""


@dataclass(frozen=True)
class Joint:
    """A revolute joint between a link and its parent.

    Args:
        name: ends in ``_joint``.
        axis: in the link's frame.
        range: smallest and largest position [rad].
        effort: largest torque [N m].
        speed: largest velocity [rad/s], or None where the manufacturer states none.
        armature: rotor inertia reflected through the gearbox [kg m^2].
    """

    name: str
    axis: Vec3
    range: tuple[float, float]
    effort: float
    speed: float | None
    armature: float


@dataclass(frozen=True)
class Link:
    """A rigid link.

    Args:
        name: unique.
        parent: name of the parent link, or None for the pelvis.
        position: of the link's frame in its parent's [m].
        quat_wxyz: likewise.
        mass: [kg].
        com: centre of mass in the link's frame [m].
        inertia: principal moments about the centre of mass [kg m^2].
        inertia_quat_wxyz: orientation of the principal axes in the link's frame.
        joint: the joint that moves it, or None for the floating base.
    """

    name: str
    parent: str | None
    position: Vec3
    quat_wxyz: Quat
    mass: float
    com: Vec3
    inertia: Vec3
    inertia_quat_wxyz: Quat
    joint: Joint | None


@dataclass(frozen=True)
class Robot:
    """All figures of the robot.

    Args:
        links: parents before their children.
        sole_corners: contact corners of a foot in its ankle roll link's frame [m].
        contact_radius: of the sphere around each corner [m].
    """

    links: tuple[Link, ...]
    sole_corners: tuple[Vec3, ...]
    contact_radius: float

    @property
    def joints(self) -> tuple[Joint, ...]:
        """Every joint, in the order of the links."""
        return tuple(link.joint for link in self.links if link.joint is not None)

    @property
    def sole_height(self) -> float:
        """Height of the sole below the ankle roll link's frame, negative [m]."""
        return self.sole_corners[0][2] - self.contact_radius


class _JointEntry(TypedDict):
    """A joint as the data file has it."""

    name: str
    axis: list[float]
    range: list[float]
    effort: float


def _vec3(values: list[float]) -> Vec3:
    x, y, z = values
    return x, y, z


def _quat(values: list[float]) -> Quat:
    w, x, y, z = values
    return w, x, y, z


@cache
def g1() -> Robot:
    """Return the figures of the G1 with both Dex3-1 hands (43 joints)."""
    data = json.loads(files("vla_humanoid.assets").joinpath("data/g1_dex3.json").read_text())
    motors = [motor for name, motor in data["motors"].items() if name != "note"]

    def joint(entry: _JointEntry) -> Joint:
        name = entry["name"]
        motor = next((m for m in motors if any(fnmatch(name, p) for p in m["joints"])), None)
        low, high = entry["range"]
        return Joint(
            name=name,
            axis=_vec3(entry["axis"]),
            range=(low, high),
            effort=entry["effort"],
            speed=motor["speed"] if motor else None,
            armature=motor["armature"] if motor else HAND_ARMATURE,
        )

    links = tuple(
        Link(
            name=entry["name"],
            parent=entry["parent"],
            position=_vec3(entry["pos"]),
            quat_wxyz=_quat(entry["quat"]),
            mass=entry["mass"],
            com=_vec3(entry["com"]),
            inertia=_vec3(entry["inertia"]),
            inertia_quat_wxyz=_quat(entry["inertia_quat"]),
            joint=joint(entry["joint"]) if "joint" in entry else None,
        )
        for entry in data["links"]
    )
    return Robot(
        links=links,
        sole_corners=tuple(_vec3(corner) for corner in data["sole"]["corners"]),
        contact_radius=data["sole"]["contact_radius"],
    )


JOINT_NAMES: tuple[str, ...] = tuple(joint.name for joint in g1().joints)
"""The robot's 43 joints in canonical order: legs, waist, left arm and hand, right arm and hand."""

JOINT_RANGES: dict[str, tuple[float, float]] = {joint.name: joint.range for joint in g1().joints}
"""Joint name to smallest and largest position [rad]."""


def is_finger(joint_name: str) -> bool:
    """Tell whether a joint belongs to a Dex3 hand."""
    return "_hand_" in joint_name
