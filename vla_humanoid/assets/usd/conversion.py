"""Runs mujoco-usd-converter on a spec and returns what it made as one layer.

The converter reads MJCF files whose meshes are files, and writes nested links without drives,
cameras and lights. It is asked for the form of things and for the schemas of Newton and MuJoCo;
every number is written again afterwards, since MJCF text keeps six digits.
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
from pxr import Sdf, Usd

from vla_humanoid.assets.usd.meshes import wavefront

_MODEL = "world"
"""Name of the converted model and of its root prim."""


@dataclass(frozen=True)
class Converted:
    """What came out of the converter.

    Args:
        layer: everything in one layer without references.
        geoms: path of each geom of the model, by its number.
        joints: path of each joint by its name.
        scene: path of the physics scene.
    """

    layer: Sdf.Layer
    geoms: tuple[Sdf.Path, ...]
    joints: dict[str, Sdf.Path]
    scene: Sdf.Path


def convert(spec: mujoco.MjSpec) -> tuple[mujoco.MjModel, Converted]:
    """Compile and convert a copy of a spec.

    Returns:
        The compiled model, which has every number in full, and the conversion.
    """
    copy = spec.copy()
    model = copy.compile()
    with tempfile.TemporaryDirectory(prefix="vla-humanoid-usd-") as folder:
        source = Path(folder) / "world.xml"
        _write_mjcf(copy, model, source)
        with _quiet():
            converter = mujoco_usd_converter.Converter()
            layer = _flattened(converter.convert(str(source), f"{folder}/usd").path)
    return model, _found(layer, model)


def _write_mjcf(spec: mujoco.MjSpec, model: mujoco.MjModel, path: Path) -> None:
    """Write a compiled spec as the converter can read it, without what is not taken from it."""
    spec.modelname = _MODEL
    for index, geom in enumerate(spec.geoms):
        geom.name = f"geom_{index}"  # It may have none, or that of a body.
        geom.material = ""  # `looks` makes them, with the colours of geoms in them.
    for element in [
        *(*spec.cameras, *spec.lights, *spec.sites, *spec.sensors, *spec.keys),
        *(*spec.actuators, *spec.excludes, *spec.materials, *spec.textures),
    ]:
        spec.delete(element)
    for index, mesh in enumerate(spec.meshes):
        mesh.file = f"mesh_{index}.obj"
        (path.parent / mesh.file).write_text(wavefront(model, index))
        mesh.uservert, mesh.userface, mesh.usernormal, mesh.usertexcoord = [], [], [], []
        mesh.scale, mesh.refpos, mesh.refquat = np.ones(3), np.zeros(3), np.eye(4)[0]
    spec.modelfiledir, spec.compiler.meshdir = str(path.parent), ""
    spec.compile()
    path.write_text(spec.to_xml())


def _flattened(path: str) -> Sdf.Layer:
    stage = Usd.Stage.Open(path)
    for prim in [prim for prim in stage.Traverse() if prim.IsInstance()]:
        prim.SetInstanceable(False)  # Flattening would leave prototypes behind.
    return stage.Flatten()


def _found(layer: Sdf.Layer, model: mujoco.MjModel) -> Converted:
    """Find what is needed by its name.

    Raises:
        ValueError: if a geom is of a type that the converter leaves out, or a joint has no name.
    """
    paths: dict[str, Sdf.Path] = {}

    def note(found: Sdf.Path | str) -> None:
        path = Sdf.Path(str(found))
        if path.IsPrimPath():
            paths.setdefault(path.name, path)

    layer.Traverse(Sdf.Path(f"/{_MODEL}/Geometry"), note)
    for geom in range(model.ngeom):
        if f"geom_{geom}" not in paths:
            kind = mujoco.mjtGeom(int(model.geom_type[geom])).name.removeprefix("mjGEOM_").lower()
            body = model.body(int(model.geom_bodyid[geom])).name
            raise ValueError(
                f"A geom of the body {body!r} is of type {kind}, which is not written to USD; "
                "use a plane, box, sphere, capsule, cylinder or mesh."
            )
    free = int(mujoco.mjtJoint.mjJNT_FREE)
    moved = [j for j in range(model.njnt) if int(model.jnt_type[j]) != free]
    for joint in moved:
        if not model.joint(joint).name:
            body = model.body(int(model.jnt_bodyid[joint])).name
            raise ValueError(f"The joint of the body {body!r} has no name; give it one.")
    return Converted(
        layer=layer,
        geoms=tuple(paths[f"geom_{index}"] for index in range(model.ngeom)),
        joints={model.joint(j).name: paths[model.joint(j).name] for j in moved},
        scene=Sdf.Path("/PhysicsScene"),
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the converter's progress from the terminal."""
    was_active, level = usdex.core.isDiagnosticsDelegateActive(), usdex.core.getDiagnosticsLevel()
    usdex.core.activateDiagnosticsDelegate()
    usdex.core.setDiagnosticsLevel(usdex.core.DiagnosticsLevel.eError)
    try:
        yield
    finally:
        usdex.core.setDiagnosticsLevel(level)
        if not was_active:
            usdex.core.deactivateDiagnosticsDelegate()
