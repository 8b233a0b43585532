"""Exports pass NVIDIA's asset validator."""

from pathlib import Path

import omni.asset_validator
import pytest
from usd_worlds import task_world

from vla_humanoid.assets.usd.export import export_usd
from vla_humanoid.tasks import task_names


@pytest.mark.parametrize("task", task_names())
def test_the_asset_validator_finds_nothing(task: str, tmp_path: Path) -> None:
    files = export_usd(task_world(task, seed=1), tmp_path / "world")
    assert files.robot is not None
    assert files.scenery is not None
    engine = omni.asset_validator.ValidationEngine()
    for file in (files.scene, files.robot, files.scenery, *files.objects.values()):
        issues = engine.validate(str(file)).issues
        assert [(issue.severity, issue.message) for issue in issues] == [], file
