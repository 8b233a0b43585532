"""What was exported, and what it was exported from, read without any code of ours."""

import os
from pathlib import Path

import h5py
import pytest
import torch
import without_torchvision_operators
from recorded import Recorded, read_episodes

without_torchvision_operators.declare()

FOLDER = "VLA_HUMANOID_EXPORTS"


@pytest.fixture(scope="session")
def exports() -> Path:
    """The folder that write_exports.py has filled."""
    return Path(os.environ[FOLDER])


@pytest.fixture(scope="session")
def recorded(exports: Path) -> tuple[Recorded, ...]:
    """The episodes in the order in which they are exported: those to train on first."""
    with h5py.File(exports / "demos.hdf5") as file:
        return tuple(read_episodes(file))


@pytest.fixture(autouse=True)
def _single_thread() -> None:
    torch.set_num_threads(1)
