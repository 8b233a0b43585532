"""Writes a world, or the robot alone, as USD files."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import mujoco

from vla_humanoid.assets.usd.loading import load_usd
from vla_humanoid.assets.usd.requirements import require_usd
from vla_humanoid.assets.usd.target import check_target, write_list

SCENE, ROBOT, SCENERY = "scene.usda", "robot.usd", "scenery.usd"
OBJECTS, FIXTURES = "objects", "fixtures"
TEXTURES = "textures"
"""Folder of images beside the files that use them."""


@dataclass(frozen=True)
class UsdFiles:
    """Where an export lies.

    Args:
        directory: all of it.
        scene: everything below ``/World``, which refers to the other files: ``/World/Robot``,
            ``/World/Scenery``, ``/World/<fixture>``, ``/World/<object>``.
        robot: its links are siblings below ``/Robot``; None if the world has no robot.
        scenery: floor, walls, table and landmarks below ``/Scenery``; None if there is nothing.
        objects: each free body by its name, as the default prim ``/<object>`` at the origin.
        fixtures: everything fixed that has joints, by its name: an articulation ``/<fixture>`` with
            its base at the origin.
    """

    directory: Path
    scene: Path
    robot: Path | None
    scenery: Path | None
    objects: Mapping[str, Path]
    fixtures: Mapping[str, Path]

    @property
    def all(self) -> tuple[Path, ...]:
        """Every file, the scene first; textures are not among them."""
        single = (self.scene, self.robot, self.scenery)
        several = (*self.fixtures.values(), *self.objects.values())
        return tuple(file for file in (*single, *several) if file is not None)


def export_usd(spec: mujoco.MjSpec, directory: Path, *, overwrite: bool = False) -> UsdFiles:
    """Write a world as USD files, all of them or none.

    Args:
        spec: the world, or the robot alone; it is left as it is.
        directory: to write to; it must not exist yet.
        overwrite: replace it if it holds an earlier export and nothing else; see `target.LIST`.

    Returns:
        Where the files lie.

    Raises:
        UsdUnavailable: if wheels are missing or break each other.
        UsdExportError: if the directory is there already, or its parent is not.
        ValueError: if the world has something that cannot be written.
    """
    require_usd()
    check_target(directory, overwrite)
    target = Path(os.path.abspath(directory))  # "." has neither a name nor a parent.
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as temporary:
        made = _write(spec, Path(temporary) / "export")
        check_target(directory, overwrite)  # Another process may have written there meanwhile.
        if target.exists():
            target.rename(Path(temporary) / "replaced")
        made.directory.rename(target)
    return _at(directory, made)


def _write(spec: mujoco.MjSpec, directory: Path) -> UsdFiles:
    load_usd()  # Only here, and all that stands on it: the wheels may be missing.
    from vla_humanoid.assets.usd import conversion, fixture_file, robot_file, scene_files
    from vla_humanoid.assets.usd.parts import Pose, WorldParts

    model, converted = conversion.convert(spec)
    parts = WorldParts(model)
    directory.mkdir()
    references: dict[str, Path] = {}
    poses: dict[str, Pose] = {}
    scenery = robot = None
    if parts.scenery or parts.geoms(0):
        scenery = references["Scenery"] = directory / SCENERY
        scene_files.write_scenery(scenery, parts, converted)
    if parts.links:
        robot = references["Robot"] = directory / ROBOT
        robot_file.write_robot(robot, parts, converted)
    fixtures: dict[str, Path] = {}
    if parts.fixtures:
        (directory / FIXTURES).mkdir()
    for fixture in parts.fixtures:
        name = fixture.name
        fixtures[name] = references[name] = directory / FIXTURES / f"{name}.usd"
        poses[name] = parts.world_pose(fixture.base)
        fixture_file.write_fixture(fixtures[name], parts, converted, fixture)
    objects: dict[str, Path] = {}
    if parts.objects:
        (directory / OBJECTS).mkdir()
    for body in parts.objects:
        name = parts.name(body)
        objects[name] = references[name] = directory / OBJECTS / f"{name}.usd"
        poses[name] = parts.world_pose(body)
        scene_files.write_object(objects[name], parts, converted, body)
    scene = directory / SCENE
    scene_files.write_scene(scene, parts, converted, scene_files.SceneContent(references, poses))
    write_list(directory)
    return UsdFiles(directory, scene, robot, scenery, objects, fixtures)


def _at(directory: Path, made: UsdFiles) -> UsdFiles:
    """Return the same files, moved to another directory."""

    def moved(file: Path) -> Path:
        return directory / file.relative_to(made.directory)

    return UsdFiles(
        directory=directory,
        scene=moved(made.scene),
        robot=None if made.robot is None else moved(made.robot),
        scenery=None if made.scenery is None else moved(made.scenery),
        objects={name: moved(file) for name, file in made.objects.items()},
        fixtures={name: moved(file) for name, file in made.fixtures.items()},
    )
