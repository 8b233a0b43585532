from collections.abc import Callable
from pathlib import Path

import pytest
from fake_environment import make_fake

from vla_humanoid.data_collection.generation import Summary, generate
from vla_humanoid.data_collection.run_config import GenerationConfig

SMALL = GenerationConfig(
    "PickPlace", episodes=6, seed=3, cameras=("head", "right_wrist"), image_size=24
)

Generate = Callable[..., Summary]


@pytest.fixture(scope="session")
def small_config() -> GenerationConfig:
    return SMALL


@pytest.fixture(scope="session")
def small_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset; read only."""
    path = tmp_path_factory.mktemp("small") / "demos.hdf5"
    generate(SMALL, path, workers=1, make=make_fake)
    return path


@pytest.fixture(scope="session")
def dataset_with_failures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset that keeps failures; read only."""
    path = tmp_path_factory.mktemp("failures") / "demos.hdf5"
    config = GenerationConfig(
        "PickPlace", episodes=12, seed=3, cameras=("head",), image_size=24, keep_failures=True
    )
    generate(config, path, workers=1, make=make_fake)
    return path
