"""The looks of the G1: light shells, dark motors, black visor, drawn as low-polygon lofts.

Palm, fingers and soles follow the collision geometry, so that what looks like a contact is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import mujoco
import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.assets.g1_collision import LEFT_FINGERS, LEFT_PALM, Block, Capsule
from vla_humanoid.assets.g1_shells import LEFT_ARM, LEFT_LEG, TRUNK, Finish, Part
from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.assets.lofts import Axis, Section, loft
from vla_humanoid.assets.scene import Rgb


@dataclass(frozen=True)
class Surface:
    """How a surface reflects light."""

    rgb: Rgb
    specular: float
    shininess: float


FINISHES: Mapping[Finish, Surface] = {
    "shell": Surface((0.80, 0.81, 0.83), 0.35, 0.5),
    "metal": Surface((0.56, 0.57, 0.60), 0.40, 0.5),
    "dark": Surface((0.15, 0.155, 0.17), 0.30, 0.4),
    "visor": Surface((0.03, 0.035, 0.045), 1.0, 0.9),
    "rubber": Surface((0.20, 0.20, 0.21), 0.05, 0.1),
}

FINGER_TIPS = ("left_hand_thumb_2_link", "left_hand_middle_1_link", "left_hand_index_1_link")


def add_g1_looks(spec: mujoco.MjSpec) -> None:
    """Add the visible, massless geoms to a robot spec whose bodies bear the links' names."""
    for name, surface in FINISHES.items():
        spec.add_material(
            name=f"g1_{name}",
            rgba=(*surface.rgb, 1.0),
            specular=surface.specular,
            shininess=surface.shininess,
        )
    for number, part in enumerate(parts()):
        _add_part(spec, part, f"g1_{part.link}_{number}")


@cache
def parts() -> tuple[Part, ...]:
    """Return every visible part of both sides."""
    left = [*LEFT_LEG, _sole(), *LEFT_ARM]
    for part in LEFT_PALM + LEFT_FINGERS:
        left += _palm(part) if isinstance(part, Block) else [_finger(part)]
    return (*TRUNK, *left, *(mirrored(part) for part in left))


def mirrored(part: Part) -> Part:
    """Return the right side's part for a left side's part."""
    link = part.link.replace("left_", "right_")
    sections = tuple(_flip(part.axis, section) for section in part.sections)
    return replace(part, link=link, sections=sections[::-1] if part.axis == "y" else sections)


def _flip(axis: Axis, section: Section) -> Section:
    along, u, v, half_u, half_v = section
    match axis:
        case "x":
            return along, -u, v, half_u, half_v
        case "y":
            return -along, u, v, half_u, half_v
        case "z":
            return along, u, -v, half_u, half_v


def _sole() -> Part:
    """Return the rubber under the left foot: its underside lies on the contact corners."""
    figures = g1()
    corners = np.array(figures.sole_corners)
    low, high = corners.min(axis=0), corners.max(axis=0)
    radius, bottom = figures.contact_radius, figures.sole_height
    x, half_x = 0.5 * (low[0] + high[0]), 0.5 * (high[0] - low[0]) + radius
    half_y = high[1] + radius
    return Part(
        "left_ankle_roll_link",
        "rubber",
        "z",
        0.6,
        (
            (bottom, x, 0.0, half_x, half_y),
            (bottom + 0.006, x, 0.0, half_x + 0.008, half_y + 0.002),
            (bottom + 0.015, x, 0.0, half_x + 0.009, half_y + 0.002),
        ),
    )


def _palm(block: Block) -> tuple[Part, Part]:
    """Return the palm's shell and its dark inside, which looks toward -y on the left."""
    (x, y, z), (a, b, c) = block.center, block.size
    bevel = 0.0015
    shell = (
        (x - a, y, z, b - bevel, c - bevel),
        (x - a + bevel, y, z, b, c),
        (x + a - bevel, y, z, b, c),
        (x + a, y, z, b - bevel, c - bevel),
    )
    inside = (
        (y - b - 0.001, z, x, c - 0.010, a - 0.010),
        (y, z, x, c - 0.010, a - 0.010),
    )
    return (
        Part(block.link, "shell", "x", 0.12, shell),
        Part(block.link, "rubber", "y", 0.4, inside),
    )


def _finger(capsule: Capsule) -> Part:
    """Return a finger link: a rounded square bar with domed ends around its collision capsule."""
    start, end = np.array(capsule.start), np.array(capsule.end)
    axis: Axis = "y" if abs(end[1] - start[1]) > abs(end[0] - start[0]) else "x"
    along, u, v = {"x": (0, 1, 2), "y": (1, 2, 0)}[axis]
    if start[along] > end[along]:
        start, end = end, start
    dome = np.deg2rad([75.0, 40.0, 0.0])
    reach = [*(start[along] - capsule.radius * np.sin(dome))]
    reach += [*(end[along] + capsule.radius * np.sin(dome[::-1]))]
    widths = capsule.radius * np.cos([*dome, *dome[::-1]])
    return Part(
        capsule.link,
        "rubber" if capsule.link in FINGER_TIPS else "metal",
        axis,
        0.75,
        tuple((s, start[u], start[v], w, w) for s, w in zip(reach, widths, strict=True)),
    )


@cache
def _loft(part: Part) -> tuple[list[float], list[int]]:
    vertices, faces = loft(part.axis, part.sections, part.roundness, part.corner_points)
    return vertices.ravel().tolist(), faces.ravel().tolist()


def _add_part(spec: mujoco.MjSpec, part: Part, name: str) -> None:
    vertices, faces = _loft(part)
    spec.add_mesh(
        name=name,
        uservert=vertices,
        userface=faces,
        inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,
    )
    spec.body(part.link).add_geom(
        type=mujoco.mjtGeom.mjGEOM_MESH,
        meshname=name,
        material=f"g1_{part.finish}",
        group=VISIBLE_GROUP,
        contype=0,
        conaffinity=0,
        mass=0.0,
    )
