"""Turns things that are described by parts into bodies of a `mujoco.MjSpec`."""

import mujoco

from vla_humanoid.assets.geom_groups import COLLISION_GROUP, VISIBLE_GROUP
from vla_humanoid.assets.parts import Box, Capsule, Cylinder, Finish, Geometry, Mesh, Part, Sphere
from vla_humanoid.assets.scene import Container, GraspableObject, Landmark, Quat, Rgb, Vec3

TORSIONAL_FRICTION = 0.005
"""[m]"""
SLIGHT_ROLLING_FRICTION = 0.0001
"""[m]"""
BALL_ROLLING_FRICTION = 0.003
"""Enough for a ball to come to rest within a few centimetres [m]."""

PRIORITY = 1
"""Of the contacts of things over those of the robot and the room: a thing's friction governs."""
SOLREF = (0.006, 1.0)
SOLIMP = (0.95, 0.99, 0.001, 0.5, 2.0)
"""Stiff enough for a grasp to sink in by less than a millimetre at three steps of 2 ms."""

FINISHES: dict[Finish, tuple[float, float]] = {
    "plastic": (0.25, 0.4),
    "metal": (0.9, 0.8),
    "ceramic": (0.6, 0.8),
}
"""Specularity and shininess."""


def add_finishes(spec: mujoco.MjSpec) -> None:
    """Add the materials that `add_body` refers to."""
    for finish, (specular, shininess) in FINISHES.items():
        spec.add_material(name=finish, specular=specular, shininess=shininess)


def add_body(
    spec: mujoco.MjSpec,
    thing: GraspableObject | Container,
    parts: tuple[Part, ...],
    *,
    rolls: bool = False,
) -> None:
    """Add a thing as a free body of its name, with a joint ``<name>_joint``.

    Args:
        spec: where to add it; it has the materials of `add_finishes`.
        thing: what to add.
        parts: what it is made of, at scale 1.
        rolls: whether it needs rolling friction to come to rest.
    """
    rolling = BALL_ROLLING_FRICTION if rolls else SLIGHT_ROLLING_FRICTION
    body = spec.worldbody.add_body(name=thing.name, pos=thing.position, quat=thing.quat_wxyz)
    body.add_freejoint(name=f"{thing.name}_joint")
    for index, part in enumerate(parts):
        geom = add_part(spec, body, f"{thing.name}_{index}", part, thing.rgb, thing.scale)
        geom.mass = part.mass_share * thing.mass
        geom.condim = 6 if rolls else 4
        geom.friction[:] = (thing.friction, TORSIONAL_FRICTION, rolling)
        geom.priority = PRIORITY
        geom.solref[:] = SOLREF
        geom.solimp[:] = SOLIMP


def add_fixed_body(
    spec: mujoco.MjSpec,
    thing: Landmark,
    parts: tuple[Part, ...],
    pose: tuple[Vec3, Quat],
    friction: Vec3,
) -> None:
    """Add a thing as a body of its name that is fixed to the world.

    Args:
        spec: where to add it; it has the materials of `add_finishes`.
        thing: what to add.
        parts: what it is made of, at scale 1.
        pose: position [m] and orientation (w, x, y, z), world frame.
        friction: of its surface, where what touches it does not bring more.
    """
    position, quat_wxyz = pose
    body = spec.worldbody.add_body(name=thing.name, pos=position, quat=quat_wxyz)
    for index, part in enumerate(parts):
        geom = add_part(spec, body, f"{thing.name}_{index}", part, thing.rgb, thing.scale)
        geom.friction[:] = friction


def add_part(
    spec: mujoco.MjSpec,
    body: mujoco.MjsBody,
    name: str,
    part: Part,
    rgb: Rgb,
    scale: float = 1.0,
) -> mujoco.MjsGeom:
    """Add the form and the looks of a part to a body; a mesh gets the name.

    Args:
        spec: has the materials of `add_finishes`.
        body: of the spec.
        name: unique in the spec.
        part: what to add, at scale 1.
        rgb: colour of the thing that it is a part of, each in [0, 1].
        scale: factor on its size.
    """
    mesh_name = None
    if isinstance(part.geometry, Mesh):
        mesh_name = name
        _add_mesh(spec, name, part.geometry, scale)
    kind, size = _form(part.geometry, scale)
    return body.add_geom(
        type=kind,
        size=size,
        meshname=mesh_name,
        pos=_scaled(part.position, scale),
        quat=part.quat_wxyz,
        group=VISIBLE_GROUP if part.visible else COLLISION_GROUP,
        rgba=(*_scaled(rgb if part.rgb is None else part.rgb, part.shade), 1.0),
        material=part.finish,
        contype=int(part.collides),
        conaffinity=int(part.collides),
    )


def _form(geometry: Geometry, scale: float) -> tuple[mujoco.mjtGeom, Vec3]:
    """Return the type of a geom and its size; that of a mesh is in its vertices."""
    kind = mujoco.mjtGeom
    match geometry:
        case Box(half_size):
            return kind.mjGEOM_BOX, _scaled(half_size, scale)
        case Cylinder(radius, half_height):
            return kind.mjGEOM_CYLINDER, _scaled((radius, half_height, 0.0), scale)
        case Sphere(radius):
            return kind.mjGEOM_SPHERE, _scaled((radius, 0.0, 0.0), scale)
        case Capsule(radius, half_length):
            return kind.mjGEOM_CAPSULE, _scaled((radius, half_length, 0.0), scale)
        case Mesh():
            return kind.mjGEOM_MESH, (0.0, 0.0, 0.0)


def _add_mesh(spec: mujoco.MjSpec, name: str, mesh: Mesh, scale: float) -> None:
    spec.add_mesh(
        name=name,
        uservert=[scale * component for vertex in mesh.vertices for component in vertex],
        userface=[index for face in mesh.faces for index in face],
    )


def _scaled(vector: Vec3, scale: float) -> Vec3:
    x, y, z = vector
    return scale * x, scale * y, scale * z
