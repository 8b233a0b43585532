"""Exports pass NVIDIA's asset validator."""

from importlib import import_module
from pathlib import Path

import pytest
from usd_worlds import task_world

from vla_humanoid.assets.usd.export import export_usd
from vla_humanoid.tasks import task_names

# By name: types of `omni` are those of the Kit that the tests of the extension stand in for.
VALIDATOR = import_module("omni.asset_validator")


@pytest.mark.parametrize("task", task_names())
def test_the_asset_validator_finds_nothing(task: str, tmp_path: Path) -> None:
    files = export_usd(task_world(task, seed=1), tmp_path / "world")
    assert files.robot is not None
    assert files.scenery is not None
    engine = VALIDATOR.ValidationEngine()
    for file in (files.scene, files.robot, files.scenery, *files.objects.values()):
        issues = engine.validate(str(file)).issues
        assert [(issue.severity, issue.message) for issue in issues] == [], file
