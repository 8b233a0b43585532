from pathlib import Path

import pytest

from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig


@pytest.fixture(scope="session")
def real_demos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real episodes; read only."""
    path = tmp_path_factory.mktemp("real") / "demos.hdf5"
    config = GenerationConfig(
        "PickPlace", episodes=2, seed=3, cameras=("head", "right_wrist"), image_size=32
    )
    generate(config, path, workers=1)
    return path
