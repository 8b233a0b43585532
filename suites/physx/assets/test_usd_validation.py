"""Exports pass NVIDIA's asset validator."""

from importlib import import_module
from pathlib import Path

import pytest
from usd_worlds import task_world

from vla_humanoid.assets.usd.export import UsdFiles, export_usd
from vla_humanoid.envs.usd_scene import export_robot
from vla_humanoid.sims.isaaclab.catalogue import export_catalogue
from vla_humanoid.tasks import task_names

# By name: types of `omni` are those of the Kit that the tests of the extension stand in for.
VALIDATOR = import_module("omni.asset_validator")


def assert_valid(files: UsdFiles) -> None:
    engine = VALIDATOR.ValidationEngine()
    for file in files.all:
        issues = engine.validate(str(file)).issues
        assert [(issue.severity, issue.message) for issue in issues] == [], file


@pytest.mark.parametrize("task", task_names())
def test_the_asset_validator_finds_nothing(task: str, tmp_path: Path) -> None:
    files = export_usd(task_world(task, seed=1), tmp_path / "world")
    assert files.robot is not None
    assert files.scenery is not None
    assert_valid(files)


def test_nor_in_the_robot_that_holds_its_posture(tmp_path: Path) -> None:
    assert_valid(export_robot(tmp_path / "robot"))


@pytest.mark.slow
def test_nor_in_the_catalogue(tmp_path: Path) -> None:
    files = export_catalogue(tmp_path / "catalogue")
    assert len(files.objects) > 10
    assert_valid(files)
