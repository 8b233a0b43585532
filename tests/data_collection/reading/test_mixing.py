"""Several files in one dataset."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest
from fake_environment import make_fake
from h5_content import h5_group, h5_text

from vla_humanoid.data_collection import Dataset
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig


@pytest.fixture(scope="module")
def other_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("other") / "other.hdf5"
    config = GenerationConfig(
        "PickPlace", episodes=2, seed=8, cameras=("head", "right_wrist"), image_size=24
    )
    generate(config, path, workers=1, make=make_fake)
    return path


def test_files_are_mixed_in_exact_ratios(small_dataset: Path, other_dataset: Path) -> None:
    files = (small_dataset, other_dataset)
    dataset = Dataset(files, weights=(1, 3), samples=100, cameras=())
    assert dataset.ratios == (0.25, 0.75)
    for epoch in range(3):
        dataset.set_epoch(epoch)
        counts = Counter(sample.file for sample in dataset)
        assert counts == {0: 25, 1: 75}
    plain = Dataset(files, cameras=())
    sizes = [len(Dataset(file)) for file in files]
    assert len(plain) == sum(sizes)
    assert plain.ratios == tuple(size / sum(sizes) for size in sizes)
    assert Counter(sample.file for sample in plain) == dict(enumerate(sizes))


def rename_action(file: h5py.File) -> None:
    data = h5_group(file, "data")
    fields = json.loads(h5_text(file, "data", "action"))
    fields[1] |= {"name": "spin", "unit": "rad/s"}
    data.attrs["action"] = json.dumps(fields)


def other_rate(file: h5py.File) -> None:
    env_args = json.loads(h5_text(file, "data", "env_args"))
    env_args["sim_args"]["decimation"] = 50
    h5_group(file, "data").attrs["env_args"] = json.dumps(env_args)


def other_mode(file: h5py.File) -> None:
    env_args = json.loads(h5_text(file, "data", "env_args"))
    env_args["env_kwargs"]["control_mode"] = "arm_joints"
    h5_group(file, "data").attrs["env_args"] = json.dumps(env_args)


def other_range(file: h5py.File) -> None:
    fields = json.loads(h5_text(file, "data", "state"))
    fields[0]["low"] = -2.0
    h5_group(file, "data").attrs["state"] = json.dumps(fields)


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (rename_action, r"action\[1\]: spin \[rad/s\] .*, where turn \[N m\] .* is needed"),
        (other_rate, r"rate \[Hz\]: 10, where 20 is needed"),
        (other_mode, "control_mode: arm_joints, where end_effector is needed"),
        (other_range, r"state\[0\]: .* -2 to inf, where .* -inf to inf is needed"),
    ],
)
def test_files_that_differ_are_not_mixed(
    small_dataset: Path,
    other_dataset: Path,
    tmp_path: Path,
    change: Callable[[h5py.File], None],
    difference: str,
) -> None:
    path = Path(shutil.copy(other_dataset, tmp_path / "changed.hdf5"))
    with h5py.File(path, "r+") as file:
        change(file)
    with pytest.raises(ConfigurationError, match=difference):
        Dataset([small_dataset, path])


def test_images_of_another_size_are_not_mixed(small_dataset: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.hdf5"
    config = GenerationConfig("PickPlace", episodes=2, seed=8, cameras=("head",), image_size=32)
    generate(config, path, workers=1, make=make_fake)
    with pytest.raises(
        ConfigurationError, match=r"images of head \[px\]: 32x32, where 24x24 is needed\n.*: none, "
    ):
        Dataset([small_dataset, path])
    assert Dataset([small_dataset, path], cameras=()).files == (small_dataset, path)


def test_nothing_to_read_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="There are no files"):
        Dataset([])
