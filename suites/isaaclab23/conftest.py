"""Imports the real Isaac Lab 2.3 without Kit, and has files where the catalogue's USD would be."""

import os
import warnings
from importlib import import_module
from pathlib import Path

import pytest
from kit_stand_in import stand_in_for_kit

from vla_humanoid.sims.isaaclab.asset_files import VARIABLE, asset_file, robot_file

os.environ.setdefault("MUJOCO_GL", "disable")
stand_in_for_kit()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # It was written for older versions of torch.
    for name in ("isaaclab.envs", "isaaclab_tasks.utils"):
        import_module(name)


@pytest.fixture(autouse=True)
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of USD files that nobody opens."""
    for file in (robot_file(tmp_path), asset_file(tmp_path, "table")):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path
