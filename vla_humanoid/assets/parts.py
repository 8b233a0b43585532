"""Parts that things are made of, as plain data: geometry, and what it is for.

Lengths are in metres in the frame of the thing, at scale 1.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vla_humanoid.assets.scene import Quat, Rgb, Vec3

Finish: TypeAlias = Literal["plastic", "metal", "ceramic"]


@dataclass(frozen=True)
class Box:
    """A box with half extents ``half_size``."""

    half_size: Vec3


@dataclass(frozen=True)
class Cylinder:
    """A cylinder about z."""

    radius: float
    half_height: float


@dataclass(frozen=True)
class Sphere:
    """A sphere."""

    radius: float


@dataclass(frozen=True)
class Capsule:
    """A capsule about z; ``half_length`` is that of its cylinder, without the caps."""

    radius: float
    half_length: float


@dataclass(frozen=True)
class Mesh:
    """A closed triangle mesh; where it collides, its convex hull does.

    Args:
        vertices: points.
        faces: triples of indices into ``vertices``, counter-clockwise seen from outside.
    """

    vertices: tuple[Vec3, ...]
    faces: tuple[tuple[int, int, int], ...]


Geometry: TypeAlias = Box | Cylinder | Sphere | Capsule | Mesh


@dataclass(frozen=True)
class Part:
    """One piece of a thing.

    Args:
        geometry: its form.
        position: of its centre.
        quat_wxyz: its orientation.
        collides: whether it takes part in contacts.
        visible: whether it is drawn.
        mass_share: its part of the thing's mass; the shares of a thing add up to 1.
        rgb: a colour of its own, or None for the colour of the thing.
        shade: factor on the brightness of that colour.
        finish: how it reflects light.
    """

    geometry: Geometry
    position: Vec3 = (0.0, 0.0, 0.0)
    quat_wxyz: Quat = (1.0, 0.0, 0.0, 0.0)
    collides: bool = True
    visible: bool = True
    mass_share: float = 0.0
    rgb: Rgb | None = None
    shade: float = 1.0
    finish: Finish = "plastic"


FOOT_RADIUS = 0.004
FOOT_HEIGHT = 0.0005
"""How far feet stand out under what they carry; more than they sink into a table."""


def hidden(geometry: Geometry, position: Vec3 = (0.0, 0.0, 0.0), mass_share: float = 0.0) -> Part:
    """Return a part that collides but is not drawn."""
    return Part(geometry, position, visible=False, mass_share=mass_share)


def look(
    geometry: Geometry,
    position: Vec3 = (0.0, 0.0, 0.0),
    *,
    quat_wxyz: Quat = (1.0, 0.0, 0.0, 0.0),
    rgb: Rgb | None = None,
    shade: float = 1.0,
    finish: Finish = "plastic",
) -> Part:
    """Return a part that is drawn but does not collide."""
    return Part(geometry, position, quat_wxyz, collides=False, rgb=rgb, shade=shade, finish=finish)


def hidden_cylinder(radius: float, bottom: float, top: float, mass_share: float = 0.0) -> Part:
    """Return a colliding cylinder about the z axis between two heights."""
    half_height = 0.5 * (top - bottom)
    return hidden(Cylinder(radius, half_height), (0.0, 0.0, bottom + half_height), mass_share)


def feet(radius: float, bottom: float) -> tuple[Part, ...]:
    """Return four small hidden spheres that something round stands on.

    Spheres touch a flat top in one exact point each, so things stand still and cheaply, where the
    generic convex collision of a cylinder or mesh jitters.

    Args:
        radius: of the base; the feet stay within it.
        bottom: height of their lowest points.
    """
    reach = radius - FOOT_RADIUS
    spots = ((reach, 0.0), (0.0, reach), (-reach, 0.0), (0.0, -reach))
    return tuple(hidden(Sphere(FOOT_RADIUS), (x, y, bottom + FOOT_RADIUS)) for x, y in spots)
