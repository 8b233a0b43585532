"""Runs mujoco-usd-converter on a spec and returns what it made as one layer.

The converter reads MJCF files whose meshes and textures are files, and writes nested links without
drives. It is asked for the form of things and for the schemas of Newton and MuJoCo; every number is
written again afterwards, since MJCF text keeps six digits.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import mujoco
import mujoco_usd_converter
import numpy as np
import usdex.core
from PIL import Image
from pxr import Sdf, Usd

_MODEL = "world"
"""Name of the converted model and of its root prim."""


@dataclass(frozen=True)
class Converted:
    """What came out of the converter.

    Args:
        layer: everything in one layer without references.
        geoms: path of each geom of the model, by its number.
        joints: path of each joint by its name.
        sites: path of each site, by its number.
        scene: path of the physics scene.
    """

    layer: Sdf.Layer
    geoms: tuple[Sdf.Path, ...]
    sites: tuple[Sdf.Path, ...]
    joints: dict[str, Sdf.Path]
    scene: Sdf.Path


def convert(spec: mujoco.MjSpec) -> tuple[mujoco.MjModel, Converted]:
    """Compile and convert a copy of a spec.

    Returns:
        The compiled model, which has every number in full, and the conversion.
    """
    copy = spec.copy()
    _strip(copy)
    model = copy.compile()
    with tempfile.TemporaryDirectory(prefix="vla-humanoid-usd-") as folder:
        _write_meshes(copy, model, Path(folder))
        _write_textures(copy, Path(folder))
        _number(copy)
        source = Path(folder) / "world.xml"
        copy.modelfiledir = folder
        copy.compile()
        source.write_text(copy.to_xml())
        with _quiet():
            asset = mujoco_usd_converter.Converter(scene=True).convert(
                str(source), str(Path(folder) / "usd")
            )
            layer = _flattened(asset.path)
    return model, _found(layer, model)


def _strip(spec: mujoco.MjSpec) -> None:
    """Delete what the converter warns about, and what USD has from elsewhere."""
    spec.modelname = _MODEL
    for element in [*spec.cameras, *spec.lights, *spec.sensors, *spec.keys]:
        spec.delete(element)


def _number(spec: mujoco.MjSpec) -> None:
    """Call geoms and sites by their numbers: they may have no names, or those of bodies."""
    for index, geom in enumerate(spec.geoms):
        geom.name = f"geom_{index}"
    for index, site in enumerate(spec.sites):
        site.name = f"site_{index}"


def _write_meshes(spec: mujoco.MjSpec, model: mujoco.MjModel, folder: Path) -> None:
    """Write each mesh as compiled: about its centre of mass, along its principal axes."""
    for index, mesh in enumerate(spec.meshes):
        first, count = int(model.mesh_vertadr[index]), int(model.mesh_vertnum[index])
        start, number = int(model.mesh_faceadr[index]), int(model.mesh_facenum[index])
        lines = [f"v {x:.9g} {y:.9g} {z:.9g}" for x, y, z in model.mesh_vert[first:][:count]]
        lines += [f"f {a} {b} {c}" for a, b, c in model.mesh_face[start:][:number] + 1]
        file = folder / f"mesh_{index}.obj"
        file.write_text("\n".join(lines) + "\n")
        mesh.file = file.name
        mesh.uservert, mesh.userface = [], []
        mesh.scale, mesh.refpos, mesh.refquat = np.ones(3), np.zeros(3), np.eye(4)[0]


def _write_textures(spec: mujoco.MjSpec, folder: Path) -> None:
    for texture in spec.textures:
        pixels = np.frombuffer(texture.data, np.uint8)
        file = folder / f"{texture.name}.png"
        Image.fromarray(pixels.reshape(texture.height, texture.width, -1)).save(file)
        texture.file = file.name


def _flattened(path: str) -> Sdf.Layer:
    stage = Usd.Stage.Open(path)
    for prim in [prim for prim in stage.Traverse() if prim.IsInstance()]:
        prim.SetInstanceable(False)  # Flattening would leave prototypes behind.
    return stage.Flatten()


def _found(layer: Sdf.Layer, model: mujoco.MjModel) -> Converted:
    """Find what is needed by its name."""
    paths: dict[str, Sdf.Path] = {}

    def note(found: Sdf.Path | str) -> None:
        path = Sdf.Path(str(found))
        if path.IsPrimPath():
            paths.setdefault(path.name, path)

    layer.Traverse(Sdf.Path(f"/{_MODEL}/Geometry"), note)
    free = int(mujoco.mjtJoint.mjJNT_FREE)
    moved = [j for j in range(model.njnt) if int(model.jnt_type[j]) != free]
    return Converted(
        layer=layer,
        geoms=tuple(paths[f"geom_{index}"] for index in range(model.ngeom)),
        sites=tuple(paths[f"site_{index}"] for index in range(model.nsite)),
        joints={model.joint(j).name: paths[model.joint(j).name] for j in moved},
        scene=Sdf.Path("/PhysicsScene"),
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the converter's progress and its warnings, all known, from the terminal."""
    was_active, level = usdex.core.isDiagnosticsDelegateActive(), usdex.core.getDiagnosticsLevel()
    usdex.core.activateDiagnosticsDelegate()
    usdex.core.setDiagnosticsLevel(usdex.core.DiagnosticsLevel.eError)
    try:
        yield
    finally:
        usdex.core.setDiagnosticsLevel(level)
        if not was_active:
            usdex.core.deactivateDiagnosticsDelegate()
