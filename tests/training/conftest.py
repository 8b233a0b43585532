from pathlib import Path

import pytest
import torch
from reaching import FEW, MANY, SMALL, make_hiding, make_reaching

from vla_humanoid.data_collection.generation import generate


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve episodes of eight steps; read only."""
    path = tmp_path_factory.mktemp("reaching") / "demos.hdf5"
    generate(SMALL, path, workers=1, make=make_reaching)
    return path


@pytest.fixture(scope="session")
def few_demos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four other episodes; read only."""
    path = tmp_path_factory.mktemp("reaching") / "few.hdf5"
    generate(FEW, path, workers=1, make=make_reaching)
    return path


@pytest.fixture(scope="session")
def many_demos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty episodes; read only."""
    path = tmp_path_factory.mktemp("reaching") / "many.hdf5"
    generate(MANY, path, workers=1, make=make_reaching)
    return path


@pytest.fixture(scope="session")
def hiding_demos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty episodes in which the squares are seen at the first step only; read only."""
    path = tmp_path_factory.mktemp("reaching") / "hiding.hdf5"
    generate(MANY, path, workers=1, make=make_hiding)
    return path
