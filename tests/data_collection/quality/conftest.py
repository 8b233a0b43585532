import shutil
from pathlib import Path

import pytest

from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig


@pytest.fixture(scope="session")
def real_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two real episodes with small images; read only."""
    path = tmp_path_factory.mktemp("real") / "demos.hdf5"
    config = GenerationConfig("PickPlace", 2, 0, ("head", "right_wrist"), image_size=32)
    generate(config, path, workers=1)
    return path


@pytest.fixture
def real_copy(real_dataset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(real_dataset, tmp_path / "copy.hdf5"))
