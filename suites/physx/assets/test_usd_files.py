"""What an export consists of, and what it leaves alone."""

import subprocess
import sys
from pathlib import Path

import mujoco
import numpy as np
import pytest
from pxr import Sdf, Usd, UsdGeom, UsdPhysics, UsdShade
from usd_worlds import files_below, task_world, thing, without_robot

from vla_humanoid.assets.figures import JOINT_NAMES, g1
from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.usd import export
from vla_humanoid.assets.usd.export import UsdFiles, export_usd
from vla_humanoid.assets.usd.requirements import UsdExportError

LINKS = {link.name for link in g1().links}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> UsdFiles:
    return export_usd(task_world("PickPlace"), tmp_path_factory.mktemp("usd") / "world")


@pytest.fixture(scope="module")
def scene(files: UsdFiles) -> Usd.Stage:
    return Usd.Stage.Open(str(files.scene))


def children(stage: Usd.Stage, path: str) -> set[str]:
    return {prim.GetName() for prim in stage.GetPrimAtPath(path).GetChildren()}


def test_the_scene_holds_robot_objects_and_scenery_side_by_side(
    files: UsdFiles, scene: Usd.Stage
) -> None:
    assert str(scene.GetDefaultPrim().GetPath()) == "/World"
    fixed = {"Robot", "Scenery", "PhysicsScene", "Lights", "Cameras"}
    assert children(scene, "/World") == {*files.objects, *fixed}
    assert len(files.objects) >= 3
    for name, file in files.objects.items():
        alone = Usd.Stage.Open(str(file))
        assert alone.GetDefaultPrim().GetName() == name
        assert alone.GetDefaultPrim().HasAPI("PhysicsRigidBodyAPI")


def test_every_stage_says_its_units(files: UsdFiles) -> None:
    assert files.robot is not None
    assert files.scenery is not None
    for file in (files.scene, files.robot, files.scenery, *files.objects.values()):
        stage = Usd.Stage.Open(str(file))
        assert UsdGeom.GetStageUpAxis(stage) == "Z", file
        assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0, file
        assert UsdPhysics.GetStageKilogramsPerUnit(stage) == 1.0, file


def test_links_are_siblings_and_no_rigid_body_lies_in_another(scene: Usd.Stage) -> None:
    assert children(scene, "/World/Robot") >= LINKS
    for prim in scene.Traverse():
        if prim.HasAPI("PhysicsRigidBodyAPI"):
            parent = prim.GetParent()
            while parent:
                assert not parent.HasAPI("PhysicsRigidBodyAPI"), prim.GetPath()
                parent = parent.GetParent()


def test_one_articulation_begins_at_the_base_and_collides_with_itself(scene: Usd.Stage) -> None:
    (root,) = [prim for prim in scene.Traverse() if prim.HasAPI("PhysicsArticulationRootAPI")]
    assert root.GetName() == "pelvis"
    assert root.GetAttribute("physxArticulation:enabledSelfCollisions").Get() is True


def test_joints_name_existing_links_and_all_have_a_drive(scene: Usd.Stage) -> None:
    joints = {prim.GetName(): prim for prim in scene.Traverse() if prim.IsA("PhysicsRevoluteJoint")}
    assert set(joints) == set(JOINT_NAMES)
    for joint in joints.values():
        for side in ("physics:body0", "physics:body1"):
            (target,) = joint.GetRelationship(side).GetTargets()
            assert target.name in LINKS
            assert scene.GetPrimAtPath(target).IsValid()
        assert joint.GetAttribute("drive:angular:physics:type").Get() == "force"


def test_the_same_pairs_are_excluded_as_in_mujoco(scene: Usd.Stage) -> None:
    excluded = {
        frozenset((exclude.bodyname1, exclude.bodyname2)) for exclude in robot_spec().excludes
    }
    filtered = {
        frozenset((prim.GetParent().GetName(), target.GetParentPath().name))
        for prim in scene.Traverse()
        if prim.HasAPI("PhysicsFilteredPairsAPI")
        for target in prim.GetRelationship("physics:filteredPairs").GetTargets()
    }
    assert filtered == excluded


def test_feet_report_contacts_and_have_the_points_of_the_figures(scene: Usd.Stage) -> None:
    for side in ("left", "right"):
        foot = scene.GetPrimAtPath(f"/World/Robot/{side}_ankle_roll_link")
        assert "PhysxContactReportAPI" in foot.GetPrimTypeInfo().GetAppliedAPISchemas()
        spheres = [
            prim
            for prim in foot.GetChildren()
            if prim.IsA("Sphere") and prim.HasAPI("PhysicsCollisionAPI")
        ]
        found = {tuple(prim.GetAttribute("xformOp:translate").Get()) for prim in spheres}
        assert found == set(g1().sole_corners)
        radii = {prim.GetAttribute("radius").Get() for prim in spheres}
        assert radii == {g1().contact_radius}
        assert foot.GetChild(f"{side}_sole").IsValid()


def test_every_collider_has_a_surface_and_every_visible_geom_a_look(scene: Usd.Stage) -> None:
    for prim in scene.Traverse():
        if not prim.IsA("Gprim"):
            continue
        binding = UsdShade.MaterialBindingAPI(prim)
        if prim.HasAPI("PhysicsCollisionAPI"):
            surface, _ = binding.ComputeBoundMaterial("physics")
            assert surface.GetPrim().HasAPI("PhysicsMaterialAPI"), prim.GetPath()
        if UsdGeom.Imageable(prim).ComputePurpose() != UsdGeom.Tokens.guide:
            look, _ = binding.ComputeBoundMaterial()
            assert look.ComputeSurfaceSource("")[0].GetPrim().IsValid(), prim.GetPath()


def test_cameras_see_what_they_see_in_mujoco(scene: Usd.Stage) -> None:
    model = task_world("PickPlace").compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    transforms = UsdGeom.XformCache()
    places = {
        "head": "/World/Robot/torso_link",
        "left_wrist": "/World/Robot/left_wrist_yaw_link",
        "right_wrist": "/World/Robot/right_wrist_yaw_link",
        "external": "/World/Cameras",
    }
    for name, place in places.items():
        camera = UsdGeom.Camera(scene.GetPrimAtPath(f"{place}/{name}_camera"))
        seen = camera.GetCamera().frustum.ComputeAspectRatio()
        assert seen == pytest.approx(1.0)
        fovy = camera.GetCamera().GetFieldOfView(camera.GetCamera().FOVVertical)
        assert fovy == pytest.approx(float(model.camera(name).fovy[0]), rel=1e-5)
        # Both look along -z with y up; USD has transforms of rows.
        matrix = np.array(transforms.GetLocalToWorldTransform(camera.GetPrim()))
        seen_from = data.camera(name)
        assert matrix[3, :3] == pytest.approx(seen_from.xpos, abs=1e-6), name
        assert matrix[:3, :3].T.ravel() == pytest.approx(seen_from.xmat, abs=1e-6), name


def test_textures_lie_beside_the_file_that_uses_them(files: UsdFiles) -> None:
    assert files.scenery is not None
    stage = Usd.Stage.Open(str(files.scenery))
    used = [
        attribute.Get()
        for prim in stage.Traverse()
        for attribute in prim.GetAttributes()
        if attribute.GetTypeName() == Sdf.ValueTypeNames.Asset and attribute.HasAuthoredValue()
    ]
    assert {asset.path for asset in used} == {"./textures/floor.png", "./textures/table.png"}
    assert all(Path(asset.resolvedPath).is_file() for asset in used)


def test_an_export_can_be_moved(files: UsdFiles, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    files.directory.rename(moved)
    try:
        stage = Usd.Stage.Open(str(moved / files.scene.name))
        assert stage.GetPrimAtPath("/World/Robot/pelvis").HasAPI("PhysicsRigidBodyAPI")
    finally:
        moved.rename(files.directory)


def test_the_same_world_gives_the_same_bytes(files: UsdFiles, tmp_path: Path) -> None:
    again = export_usd(task_world("PickPlace"), tmp_path / "again").directory
    names = files_below(files.directory)
    assert files_below(again) == names
    for name in names:
        assert (again / name).read_bytes() == (files.directory / name).read_bytes(), name


def test_the_robot_alone(tmp_path: Path) -> None:
    files = export_usd(robot_spec("none"), tmp_path / "robot")
    assert files.scenery is None
    assert files.objects == {}
    assert files_below(files.directory) == {"scene.usda", "robot.usd", "files.txt"}


def test_a_world_without_robot(tmp_path: Path) -> None:
    files = export_usd(without_robot(Scene(objects=(thing("can", 0.5, 0.0),))), tmp_path / "world")
    assert files.robot is None
    assert set(files.objects) == {"can"}


def test_the_spec_is_left_as_it_was(tmp_path: Path) -> None:
    spec = task_world("PickPlace")
    cameras, geoms = len(spec.cameras), [geom.name for geom in spec.geoms]
    export_usd(spec, tmp_path / "world")
    assert len(spec.cameras) == cameras
    assert [geom.name for geom in spec.geoms] == geoms
    assert spec.compile().nv == task_world("PickPlace").compile().nv


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    spec, target = robot_spec("none"), tmp_path / "robot"
    export_usd(spec, target)
    (target / "scene.usda").write_text("mine")
    with pytest.raises(UsdExportError, match=r"exists already; .* overwrite=True"):
        export_usd(spec, target)
    assert (target / "scene.usda").read_text() == "mine"
    export_usd(spec, target, overwrite=True)
    assert (target / "scene.usda").read_text().startswith("#usda")
    assert files_below(tmp_path) == {"robot/scene.usda", "robot/robot.usd", "robot/files.txt"}


def test_only_an_export_is_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "thesis"
    target.mkdir()
    (target / "thesis.tex").write_text("mine")
    with pytest.raises(UsdExportError, match="holds no earlier export"):
        export_usd(robot_spec("none"), target, overwrite=True)
    assert files_below(tmp_path) == {"thesis/thesis.tex"}


@pytest.mark.parametrize("name", ["my_edits.usda", "objects/my_mug.usd", "objects/linked.usd"])
def test_an_export_with_something_of_the_users_in_it_is_not_overwritten(
    tmp_path: Path, name: str
) -> None:
    spec, target = robot_spec("none"), tmp_path / "robot"
    export_usd(spec, target)
    (target / ".thumbs").mkdir()
    (target / ".thumbs" / "scene.png").write_text("Omniverse's")
    export_usd(spec, target, overwrite=True)
    (target / name).parent.mkdir(exist_ok=True)
    (tmp_path / "mine").write_text("mine")
    (target / name).symlink_to(tmp_path / "mine")
    with pytest.raises(UsdExportError, match=rf"holds more than an export.* {name} away"):
        export_usd(spec, target, overwrite=True)
    assert (target / name).read_text() == "mine"


def test_an_interrupt_waits_until_usd_is_loaded() -> None:
    script = (
        "import signal, sys\n"
        "from vla_humanoid.assets.usd.loading import load_usd\n"
        "class Impatient:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'pxr.UsdPhysics':\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Impatient())\n"
        "try:\n"
        "    load_usd()\n"
        "except KeyboardInterrupt:\n"
        "    import usdex.core\n"
        "    print('after all of it')\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "after all of it\n"


def test_what_another_process_writes_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, target, write = robot_spec("none"), tmp_path / "robot", export._write

    def write_beside_another(spec: mujoco.MjSpec, directory: Path) -> UsdFiles:
        target.mkdir()
        (target / "scene.usda").write_text("theirs")
        return write(spec, directory)

    monkeypatch.setattr(export, "_write", write_beside_another)
    with pytest.raises(UsdExportError, match="exists already"):
        export_usd(spec, target)
    assert (target / "scene.usda").read_text() == "theirs"


@pytest.mark.parametrize("aim", ["robot", "nowhere"])
def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path, aim: str) -> None:
    link = tmp_path / "link"
    (tmp_path / "robot").mkdir()
    link.symlink_to(aim)
    with pytest.raises(UsdExportError, match="is a link"):
        export_usd(robot_spec("none"), link, overwrite=True)
    assert link.is_symlink()


def test_the_folder_that_one_is_in_can_be_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "robot"
    export_usd(robot_spec("none"), target)
    monkeypatch.chdir(target)
    export_usd(robot_spec("none"), Path(), overwrite=True)
    assert files_below(tmp_path) == {"robot/scene.usda", "robot/robot.usd", "robot/files.txt"}


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsdExportError, match="does not exist; create it first"):
        export_usd(robot_spec("none"), tmp_path / "missing" / "robot")


def test_an_unknown_form_is_named_and_leaves_nothing_behind(tmp_path: Path) -> None:
    spec = without_robot(Scene(objects=(thing("can", 0.5, 0.0),)))
    spec.body("can").add_geom(type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, size=[0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="of the body 'can' is of type ellipsoid"):
        export_usd(spec, tmp_path / "world")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["Robot", "my can", "1can"])
def test_a_bad_name_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    spec = without_robot(Scene(objects=(thing("can", 0.5, 0.0),)))
    spec.body("can").name = name
    with pytest.raises(ValueError, match=f"cannot be called '{name}' in USD"):
        export_usd(spec, tmp_path / "world")
    assert not list(tmp_path.iterdir())
