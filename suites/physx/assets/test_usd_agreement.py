"""Every figure in USD is that of the compiled model."""

import math
from pathlib import Path

import pytest
from pxr import Usd, UsdPhysics
from usd_worlds import everything, task_world

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.usd.agreement import compare_with_model
from vla_humanoid.assets.usd.export import export_usd
from vla_humanoid.assets.usd.figures import UNITS
from vla_humanoid.control.controllers import joint_mode_gains
from vla_humanoid.envs.usd_scene import export_robot
from vla_humanoid.tasks import task_names

LARGEST = 1e-6
"""Difference in any unit of `UNITS`: single precision of a few units, or of 139 N m."""
LINKS = 44


@pytest.mark.parametrize("task", task_names())
def test_every_task_world_agrees(task: str, tmp_path: Path) -> None:
    spec = task_world(task, seed=3)
    model = spec.copy().compile()
    differences = compare_with_model(export_usd(spec, tmp_path / "world").scene, model)
    assert {difference.quantity for difference in differences} == set(UNITS)
    for difference in differences:
        assert difference.largest < LARGEST, difference
        is_of_joints = difference.count == len(JOINT_NAMES)
        assert is_of_joints or difference.count >= LINKS, difference


def test_every_object_and_container_agrees(tmp_path: Path) -> None:
    spec = everything()
    model = spec.copy().compile()
    for difference in compare_with_model(export_usd(spec, tmp_path / "world").scene, model):
        assert difference.largest < LARGEST, difference


def test_gains_of_the_exported_robot_are_those_of_the_joints_mode(tmp_path: Path) -> None:
    scene = export_robot(tmp_path / "robot").scene
    differences = {d.quantity: d for d in compare_with_model(scene, robot_spec().compile())}
    assert differences["mass"].largest < LARGEST
    stage = Usd.Stage.Open(str(scene))
    for name, stiffness, damping in zip(JOINT_NAMES, *joint_mode_gains(), strict=True):
        assert stiffness > 0.0
        drive = UsdPhysics.DriveAPI(stage.GetPrimAtPath(f"/World/Robot/Joints/{name}"), "angular")
        per_degree = math.pi / 180.0
        assert drive.GetStiffnessAttr().Get() == pytest.approx(stiffness * per_degree, rel=1e-6)
        assert drive.GetDampingAttr().Get() == pytest.approx(damping * per_degree, rel=1e-6)


@pytest.mark.parametrize(
    ("prim", "attribute", "quantity"),
    [
        ("/Robot/torso_link", "physics:mass", "mass"),
        ("/Robot/Joints/left_knee_joint", "physics:upperLimit", "limits"),
        ("/Robot/Joints/left_knee_joint", "drive:angular:physics:maxForce", "effort"),
        ("/Robot/Joints/left_knee_joint", "physxJointAxis:angular:armature", "armature"),
    ],
)
def test_a_wrong_figure_is_found(tmp_path: Path, prim: str, attribute: str, quantity: str) -> None:
    files = export_usd(robot_spec("none"), tmp_path / "robot")
    stage = Usd.Stage.Open(str(files.robot))
    changed = stage.GetPrimAtPath(prim).GetAttribute(attribute)
    changed.Set(changed.Get() * 1.01)
    stage.Save()
    worst = {d.quantity: d for d in compare_with_model(files.scene, robot_spec().compile())}
    assert worst[quantity].largest > 1e-5
    assert worst[quantity].where == prim.rpartition("/")[2]
    assert all(d.largest < LARGEST for name, d in worst.items() if name != quantity)
