"""Finds out what works on this machine, and what to do about what does not."""

import importlib
import importlib.metadata
import io
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from packaging.requirements import Requirement

from vla_humanoid.assets.usd.requirements import installed
from vla_humanoid.doctor.check import Check
from vla_humanoid.doctor.isaac import isaac_checks
from vla_humanoid.sims.graphics import GraphicsUnavailable, select_backend

__all__ = ["Check", "run_doctor"]

DISTRIBUTION = "vla-humanoid"
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
LEAST_MEMORY = 2.0
"""[GiB] for one worker and the system around it."""
LEAST_DISK = 1.0
"""[GiB] in the current folder."""

_GIB = 2**30
_TEST_SCENE = """
<mujoco>
  <visual><quality shadowsize="0" offsamples="0"/></visual>
  <worldbody>
    <light pos="0 0 3"/>
    <body name="pelvis"><geom size="1"/></body>
    <camera name="test" pos="0 -3 0" xyaxes="1 0 0 0 0 1"/>
  </worldbody>
</mujoco>
"""


def run_doctor() -> tuple[Check, ...]:
    """Look at everything the package stands on; takes about a second and changes nothing."""
    return (
        _python(),
        *_requirements(),
        _solver(),
        _dataset_file(),
        _graphics(),
        _processors(),
        _memory(),
        _disk(),
        _menagerie(),
        _optional("robomimic", "trains policies on the datasets"),
        _optional("stable-baselines3", "trains policies in the environments"),
        *isaac_checks(),
    )


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] > NEWEST_PYTHON:
        return Check("python", "optional", f"{found} is untested", "Use Python 3.11 to 3.13.")
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Check("python", "missing", found, "Use Python 3.11 to 3.13.")
    return Check("python", "ok", found)


def _requirements() -> Iterator[Check]:
    """Compare what is installed with what the package's own metadata asks for."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        yield Check(DISTRIBUTION, "missing", "is not installed", "pip install --editable .")
        return
    for requirement in map(Requirement, lines):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield _requirement(requirement)


def _requirement(requirement: Requirement) -> Check:
    remedy = f"pip install '{requirement}'"
    found = installed(requirement.name)
    if found is None:
        return Check(requirement.name, "missing", "is not installed", remedy)
    if requirement.specifier.contains(found, prereleases=True):
        return Check(requirement.name, "ok", found)
    return Check(requirement.name, "missing", f"{found} is not {requirement.specifier}", remedy)


def _solver() -> Check:
    """Solve the smallest quadratic program that has an active constraint."""
    name, remedy = "balance solver", "pip install --force-reinstall daqp"
    try:
        import daqp
    except ImportError as error:
        return Check(name, "missing", str(error), remedy)
    weight, linear, rows = np.eye(2), np.array([-2.0, 0.0]), np.eye(2)
    sense = np.zeros(2, dtype=np.intc)
    solution, _, status, _ = daqp.solve(weight, linear, rows, np.ones(2), -np.ones(2), sense)
    if status > 0 and np.allclose(solution, (1.0, 0.0)):
        return Check(name, "ok", "daqp solves")
    return Check(name, "missing", f"daqp returned status {status}, {solution}", remedy)


def _dataset_file() -> Check:
    """Write and read a small file in memory."""
    name, remedy = "dataset files", "pip install --force-reinstall h5py"
    try:
        import h5py
    except ImportError as error:
        return Check(name, "missing", str(error), remedy)
    image, buffer = np.arange(48, dtype=np.uint8).reshape(4, 4, 3), io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_dataset("image", data=image, compression="gzip")
    with h5py.File(buffer, "r") as file:
        read = np.asarray(file["image"])
    if np.array_equal(read, image):
        return Check(name, "ok", f"h5py writes and reads (HDF5 {h5py.version.hdf5_version})")
    return Check(name, "missing", "h5py read back something else than it wrote", remedy)


def _graphics() -> Check:
    """Render an image, as the environments do."""
    try:
        backend = select_backend()
    except GraphicsUnavailable as error:
        detail, _, remedy = str(error).partition("\nInstall")
        return Check("graphics", "missing", detail, f"Install{remedy}" if remedy else detail)
    # Only now: an unusable MUJOCO_GL breaks the import itself.
    import mujoco

    from vla_humanoid.sims.mujoco_renderer import MujocoRenderer

    model = mujoco.MjModel.from_xml_string(_TEST_SCENE)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    try:
        renderer = MujocoRenderer(model, 64)
        renderer.color(data, "test")
        start = time.perf_counter()
        image = renderer.color(data, "test")
        milliseconds = 1e3 * (time.perf_counter() - start)
        renderer.close()
    except (mujoco.FatalError, RuntimeError, ImportError) as error:
        return Check("graphics", "missing", f"{backend}: {error}", "Update the graphics driver.")
    if image.min() == image.max():
        return Check("graphics", "missing", f"{backend} renders nothing", "Try MUJOCO_GL=osmesa.")
    return Check("graphics", "ok", f"{backend} renders a 64x64 image in {milliseconds:.1f} ms")


def _processors() -> Check:
    count = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    return Check("processors", "ok", f"{count}: use --workers {count}")


def _memory() -> Check:
    if not hasattr(os, "sysconf"):
        return Check("memory", "ok", "unknown on this system")
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    if size >= LEAST_MEMORY:
        return Check("memory", "ok", f"{size:.1f} GiB")
    return Check("memory", "missing", f"{size:.1f} GiB", f"{LEAST_MEMORY:g} GiB are needed.")


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free / _GIB
    if free >= LEAST_DISK:
        return Check("disk", "ok", f"{free:.1f} GiB free here")
    return Check("disk", "missing", f"{free:.1f} GiB free here", "Write to another disk.")


def _menagerie() -> Check:
    """Look for the robot's meshes, which some prefer for looks."""
    check = _optional("mujoco-menagerie", 'gives robot="menagerie" its meshes')
    if check.status != "ok":
        return check
    menagerie = importlib.import_module("mujoco_menagerie")
    cache = menagerie.Cache()
    if cache.root or cache.is_cached(menagerie.get("unitree_g1")):
        return Check(check.name, "ok", f"{check.detail}, unitree_g1 is cached")
    fetch = "python -c \"import mujoco_menagerie as m; m.prefetch(['unitree_g1'])\""
    return Check(check.name, "optional", "unitree_g1 is not cached", fetch)


def _optional(distribution: str, use: str) -> Check:
    found = installed(distribution)
    if found is None:
        detail = f"is not installed; {use}"
        return Check(distribution, "optional", detail, f"pip install {distribution}")
    return Check(distribution, "ok", found)
