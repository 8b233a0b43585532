"""The G1's looks out of MuJoCo Menagerie, for whoever has its files on disk.

The ``mujoco-menagerie`` package brings no meshes: it downloads them on first use. Nothing here
downloads; what is missing is an error that says how to get it.
"""

import importlib
from pathlib import Path
from typing import TypeAlias

import mujoco
import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.schema import FloatArray

ROBOT = "unitree_g1"
MODEL_FILE = "g1_with_hands.xml"

Pose: TypeAlias = tuple[FloatArray, FloatArray]
"""Position [m] and quaternion wxyz."""


def menagerie_directory() -> Path:
    """Return the directory of the G1's files, as the ``mujoco_menagerie`` package finds it.

    Raises:
        ValueError: if the package is not installed, or the files are not on disk.
    """
    try:
        menagerie = importlib.import_module("mujoco_menagerie")
    except ModuleNotFoundError as error:
        raise ValueError(
            "The robot's Menagerie looks need the package mujoco-menagerie: pip install "
            f"mujoco-menagerie, then, once, with a network: mujoco-menagerie prefetch {ROBOT}"
        ) from error
    cache, robot = menagerie.Cache(), menagerie.get(ROBOT)
    directory = Path(cache.root) / ROBOT if cache.root else Path(cache.model_path(robot))
    if not ((cache.root or cache.is_cached(robot)) and (directory / MODEL_FILE).is_file()):
        raise ValueError(
            f"The robot's Menagerie looks need {MODEL_FILE} and its meshes in {directory}. Run, "
            f"once, with a network: mujoco-menagerie prefetch {ROBOT}; or let MENAGERIE_ROOT name "
            "a checkout of mujoco_menagerie."
        )
    return directory


def add_menagerie_looks(spec: mujoco.MjSpec, directory: Path) -> None:
    """Add Menagerie's visual meshes to a robot spec whose bodies bear the links' names.

    They have some 340,000 faces: images take tens of milliseconds in software.

    Args:
        spec: the robot.
        directory: holds ``g1_with_hands.xml`` and its meshes.

    Raises:
        ValueError: if a mesh is missing, or belongs to no link of the robot.
    """
    source = mujoco.MjSpec.from_file(str(directory / MODEL_FILE))
    files = {
        mesh.name or Path(mesh.file).stem: directory / source.meshdir / mesh.file
        for mesh in source.meshes
    }
    poses = _zero_poses(source)
    own_poses = _zero_poses(spec)
    added: set[str] = set()
    for geom in source.geoms:
        if not geom.meshname or geom.contype or geom.conaffinity:
            continue
        link, file = geom.parent.name, files[geom.meshname]
        if link not in own_poses or not file.is_file():
            raise ValueError(
                f"{MODEL_FILE} in {directory} wants mesh {file.name} on {link}: expected that file "
                f"and one of the links {', '.join(own_poses)}. Fetch the files anew."
            )
        name = f"g1_{geom.meshname}"
        if name not in added:
            added.add(name)
            shell = mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL
            spec.add_mesh(name=name, file=str(file), inertia=shell)
        # Revisions of the robot place a link's frame differently: keep the mesh where it was.
        position, quat = _relative(own_poses[link], _compose(poses[link], (geom.pos, geom.quat)))
        spec.body(link).add_geom(
            type=mujoco.mjtGeom.mjGEOM_MESH,
            meshname=name,
            pos=position.tolist(),
            quat=quat.tolist(),
            rgba=(source.material(geom.material) if geom.material else geom).rgba.tolist(),
            group=VISIBLE_GROUP,
            contype=0,
            conaffinity=0,
            mass=0.0,
        )


def _zero_poses(spec: mujoco.MjSpec) -> dict[str, Pose]:
    """Return the pose of each link in the pelvis' frame with all joints at zero."""
    poses: dict[str, Pose] = {"pelvis": (np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0]))}
    for link in g1().links:
        body = spec.body(link.name)
        if link.parent is not None and body is not None:
            poses[link.name] = _compose(poses[link.parent], (body.pos, body.quat))
    return poses


def _compose(outer: Pose, inner: Pose) -> Pose:
    position, quat = np.empty(3), np.empty(4)
    mujoco.mju_mulPose(position, quat, outer[0], outer[1], inner[0], inner[1])
    return position, quat


def _relative(frame: Pose, pose: Pose) -> Pose:
    position, quat = np.empty(3), np.empty(4)
    mujoco.mju_negPose(position, quat, frame[0], frame[1])
    return _compose((position, quat), pose)
