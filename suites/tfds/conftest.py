import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset of real episodes; read only."""
    path = tmp_path_factory.mktemp("real") / "demos.hdf5"
    # In a process of its own: TensorFlow and a renderer in one do not end well.
    command = (
        "-m vla_humanoid.cli generate PickPlace --episodes 4 --seed 3 --image-size 40 --output"
    )
    cameras = ["--cameras", "head", "right_wrist", "external"]
    subprocess.run([sys.executable, *command.split(), str(path), *cameras], check=True)
    return path
