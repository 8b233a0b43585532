"""The world as PhysX reads it: a USD scene of what has mass or touches, without looks."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mujoco

from vla_humanoid.assets.usd.export import export_usd

ROBOT, SCENERY, OBJECTS = "/World/Robot", "/World/Scenery", "/World"
"""Below which the robot's links, fixed colliders and free bodies lie, by their names."""


@contextmanager
def scene_file(spec: mujoco.MjSpec) -> Iterator[Path]:
    """Export a world for as long as it is read.

    Args:
        spec: the world; it is left as it is.
    """
    bare = without_looks(spec)
    with tempfile.TemporaryDirectory(prefix="vla-humanoid-physx-") as folder:
        yield export_usd(bare, Path(folder) / "world").scene


def without_looks(spec: mujoco.MjSpec) -> mujoco.MjSpec:
    """Return a copy of a world without geoms that only are seen, and all that they need.

    Meshes and textures take most of the time of an export.
    """
    bare = spec.copy()
    for geom in list(bare.geoms):
        if not geom.contype and not geom.conaffinity and geom.mass == 0.0:
            bare.delete(geom)
        else:
            geom.material = ""
    meshes = {geom.meshname for geom in bare.geoms}
    for mesh in list(bare.meshes):
        if mesh.name not in meshes:
            bare.delete(mesh)
    for things in (bare.materials, bare.textures, bare.cameras, bare.lights):
        for thing in list(things):
            bare.delete(thing)
    return bare
