"""Datasets from PhysX: generated, recorded as such, and replayed in either engine."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from vla_humanoid import cli
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.replay import replay, version_differences
from vla_humanoid.data_collection.run_config import GenerationConfig

CONFIG = GenerationConfig(
    "TurnToFace", episodes=2, cameras=("head",), image_size=24, engine="physx"
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("physx") / "demos.hdf5"
    line = "generate TurnToFace --episodes 2 --cameras head --image-size 24 --engine physx"
    assert cli.main([*line.split(), "--workers", "1", "--output", str(path)]) == 0
    return path


def test_the_engine_is_on_record(dataset: Path) -> None:
    with open_dataset(dataset) as data:
        kwargs = data.env_args["env_kwargs"]
        assert isinstance(kwargs, dict)
        assert kwargs["engine"] == "physx"
        assert data.json_object("config")["engine"] == "physx"
        assert data.json_object("env_config")["engine"] == "physx"
        assert {"ovphysx", "usd-exchange"} <= data.json_object("versions").keys()
        assert version_differences(data) == ()


def test_the_number_of_workers_does_not_change_a_bit(dataset: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.hdf5"
    generate(CONFIG, again, workers=2)
    with h5py.File(dataset) as one, h5py.File(again) as other:
        for demo in ("demo_0", "demo_1"):
            for field in ("actions", "obs/head_image", "states/articulation/robot/joint_position"):
                path = f"data/{demo}/{field}"
                assert np.array_equal(np.asarray(one[path]), np.asarray(other[path])), path


def test_a_replay_repeats_every_step(dataset: Path) -> None:
    with open_dataset(dataset) as data:
        for result in replay(data):
            assert result.success
            assert result.largest.value == 0.0


def test_the_other_engine_begins_alike_and_goes_its_own_way(dataset: Path) -> None:
    with open_dataset(dataset) as data:
        (result,) = replay(data, ["demo_0"], engine="mujoco")
    assert result.initial.value < 1e-5  # PhysX keeps single precision.
    assert result.largest.value > 0.0
