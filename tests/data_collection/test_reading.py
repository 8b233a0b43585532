"""Files from outside: whatever is wrong with them is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vla_humanoid.data_collection.dataset_file import DatasetFile, open_dataset
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.inspection import describe_dataset


def read_everything(path: Path) -> None:
    with open_dataset(path) as dataset:
        describe_dataset(dataset)
        for demo in dataset.demos():
            demo.actions()
            demo.states("states")
            for camera in demo.cameras:
                for step in range(demo.steps):
                    demo.image(camera, step)


@pytest.fixture
def copy(small_dataset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(small_dataset, tmp_path / "copy.hdf5"))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"There is no file .*demos\.hdf5"):
        read_everything(tmp_path / "demos.hdf5")


def test_garbage(tmp_path: Path) -> None:
    path = tmp_path / "garbage.hdf5"
    path.write_bytes(b"not a dataset" * 100)
    with pytest.raises(DatasetError, match=r"garbage\.hdf5 is not an HDF5 file"):
        read_everything(path)


def test_another_hdf5_file(tmp_path: Path) -> None:
    path = tmp_path / "other.hdf5"
    with h5py.File(path, "w") as file:
        file["numbers"] = [1, 2, 3]
    with pytest.raises(DatasetError, match=r"other\.hdf5 is not a dataset: it has no group /data"):
        read_everything(path)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 0.999))
def test_truncated(copy: Path, small_dataset: Path, fraction: float) -> None:
    whole = small_dataset.read_bytes()
    copy.write_bytes(whole[: int(fraction * len(whole))])
    with pytest.raises(DatasetError, match=r"copy\.hdf5 is not an HDF5 file, or is cut short"):
        read_everything(copy)


@pytest.mark.parametrize("name", ["num_samples", "success", "failure", "instruction"])
def test_missing_demo_attribute(copy: Path, name: str) -> None:
    with h5py.File(copy, "r+") as file:
        del file["data/demo_1"].attrs[name]
    with pytest.raises(DatasetError, match=rf"copy\.hdf5: /data/demo_1 .* no attribute '{name}'"):
        read_everything(copy)


@pytest.mark.parametrize("name", ["env_args", "attempts", "complete"])
def test_missing_header_attribute(copy: Path, name: str) -> None:
    with h5py.File(copy, "r+") as file:
        del file["data"].attrs[name]
    with pytest.raises(DatasetError, match=rf"copy\.hdf5: /data .* no attribute '{name}'"):
        read_everything(copy)


def spoil_env_args(file: h5py.File) -> None:
    file["data"].attrs["env_args"] = "{not JSON"


def spoil_sim_args(file: h5py.File) -> None:
    file["data"].attrs["env_args"] = '{"sim_args": {"dt": 0}}'


def spoil_count(file: h5py.File) -> None:
    file["data/demo_0"].attrs["num_samples"] = 3


def spoil_count_type(file: h5py.File) -> None:
    file["data/demo_0"].attrs["num_samples"] = "three"


def spoil_actions(file: h5py.File) -> None:
    del file["data/demo_0/actions"]


def spoil_states(file: h5py.File) -> None:
    del file["data/demo_0/states"]


def spoil_images(file: h5py.File) -> None:
    del file["data/demo_0/obs/head_image"]
    file["data/demo_0/obs/head_image"] = np.zeros((20, 4))


def spoil_names(file: h5py.File) -> None:
    file.create_group("data/episode_7")


def spoil_demo(file: h5py.File) -> None:
    del file["data/demo_0"]
    file["data/demo_0"] = [1, 2]


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (spoil_env_args, "'env_args' is not JSON"),
        (spoil_sim_args, "positive dt and decimation"),
        (spoil_count, r"actions have shape \(\d+, 2\) but num_samples is 3"),
        (spoil_count_type, "'num_samples' is not a whole number"),
        (spoil_actions, "no dataset 'actions'"),
        (spoil_states, "no 'states'"),
        (spoil_images, "camera 'head' are not uint8"),
        (spoil_names, "'episode_7' is not the name of a demo"),
        (spoil_demo, "'demo_0' is not a group"),
    ],
)
def test_spoiled_content(copy: Path, spoil: Callable[[h5py.File], None], field: str) -> None:
    with h5py.File(copy, "r+") as file:
        spoil(file)
    with pytest.raises(DatasetError, match=rf"copy\.hdf5.*{field}"):
        read_everything(copy)


def test_damaged_frame(copy: Path) -> None:
    with h5py.File(copy, "r") as file:
        offset = h5_dataset(file, "data/demo_2/obs/head_image").id.get_chunk_info(0).byte_offset
    content = bytearray(copy.read_bytes())
    content[offset : offset + 20] = bytes(20)
    copy.write_bytes(content)
    with pytest.raises(DatasetError, match=r"demo_2 .*'obs/head_image' is damaged"):
        read_everything(copy)


def test_unknown_demo_says_how_many_there_are(small_dataset: Path) -> None:
    with open_dataset(small_dataset) as dataset, pytest.raises(DatasetError, match="has 6 demos"):
        dataset.demo("demo_6")


def test_a_whole_file_reads(small_dataset: Path) -> None:
    read_everything(small_dataset)
    with open_dataset(small_dataset) as dataset:
        assert isinstance(dataset, DatasetFile)
        assert dataset.rate == pytest.approx(20)
