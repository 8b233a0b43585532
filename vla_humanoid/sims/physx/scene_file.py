"""The world as PhysX reads it: a USD scene of what has mass or touches, without looks."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import mujoco
from pxr import Usd

from vla_humanoid.assets.usd.export import export_usd

_WORLD, _ROBOT = "/World", "/World/Robot"


@dataclass(frozen=True)
class SceneFile:
    """A world on disk, and where things are in it.

    Args:
        path: of the file.
        solid: prims of everything that can be touched: bodies, and the colliders of what is none.
    """

    path: Path
    solid: tuple[str, ...]

    @staticmethod
    def link(name: str) -> str:
        """Return the prim of a link of the robot."""
        return f"{_ROBOT}/{name}"

    @staticmethod
    def body(name: str) -> str:
        """Return the prim of a free body."""
        return f"{_WORLD}/{name}"


@contextmanager
def scene_file(spec: mujoco.MjSpec) -> Iterator[SceneFile]:
    """Export a world for as long as it is read.

    Args:
        spec: the world; it is left as it is.
    """
    bare = without_looks(spec)
    with tempfile.TemporaryDirectory(prefix="vla-humanoid-physx-") as folder:
        path = export_usd(bare, Path(folder) / "world").scene
        # Each once, in the order of the file.
        yield SceneFile(path, tuple(dict.fromkeys(_solid(Usd.Stage.Open(str(path))))))


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


def _solid(stage: Usd.Stage) -> Iterator[str]:
    """Yield, for every collider, the body that it is on, or itself where that is none."""
    for prim in stage.Traverse():
        if prim.HasAPI("PhysicsCollisionAPI"):
            parent = prim.GetParent()
            yield str((parent if parent.HasAPI("PhysicsRigidBodyAPI") else prim).GetPath())
