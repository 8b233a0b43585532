"""Exports stream: what they need of memory does not grow with what they export."""

from pathlib import Path

import pytest
from export_memory import FORMATS, peak_memory, repeat
from fake_environment import make_fake

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig

MOST_GROWTH = 12.0
"""[MiB]; the larger file holds 100 MiB more of images."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small file and a large one."""
    folder = tmp_path_factory.mktemp("memory")
    demos = folder / "demos.hdf5"
    config = GenerationConfig("PickPlace", episodes=2, seed=3, cameras=("head",), image_size=224)
    generate(config, demos, workers=1, make=make_fake)
    with open_dataset(demos) as dataset:
        steps = sum(demo.steps for demo in dataset.demos()) / 2
    larger = round(100 * 2**20 / (steps * 224 * 224 * 3))
    files = folder / "small.hdf5", folder / "large.hdf5"
    for file, episodes in zip(files, (2, 2 + larger), strict=True):
        repeat(demos, file, episodes)
    return files


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_memory_does_not_grow_with_the_file(files: tuple[Path, Path], name: str) -> None:
    small, large = (
        peak_memory(file, file.with_name(f"{file.stem}_{name}.hdf5"), name) for file in files
    )
    assert large - small < MOST_GROWTH
