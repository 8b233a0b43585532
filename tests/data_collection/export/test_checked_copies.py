"""What robomimic and Isaac Lab would stumble over is named, instead of copied."""

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset, h5_group

from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.export.run import export

POSE = "data/demo_1/states/articulation/robot/root_pose"


@pytest.mark.parametrize("name", ["robomimic", "isaaclab"])
def test_a_sound_file_is_copied(small_dataset: Path, tmp_path: Path, name: str) -> None:
    export([small_dataset], tmp_path / "copy.hdf5", name)
    assert (tmp_path / "copy.hdf5").read_bytes() == small_dataset.read_bytes()
    assert (tmp_path / "copy.hdf5").stat().st_ino != small_dataset.stat().st_ino
    with pytest.raises(ConfigurationError, match="reads one file, not 2"):
        export([small_dataset, small_dataset], tmp_path / "two.hdf5", name)


def _put(file: h5py.File, path: str, values: np.ndarray) -> None:
    del file[path]
    file[path] = values


def drop_mask(file: h5py.File) -> None:
    _put(file, "mask/train", np.array([], "S1"))


def name_a_stranger(file: h5py.File) -> None:
    _put(file, "mask/valid", np.array(["demo_99"], "S"))


def wrong_total(file: h5py.File) -> None:
    h5_group(file, "data").attrs["total"] = 1


def nest_an_observation(file: h5py.File) -> None:
    actions = h5_dataset(file, "data/demo_1/actions")
    file["data/demo_1/obs/deeper/state"] = np.zeros((len(actions), 2), np.float32)


def shorten_rewards(file: h5py.File) -> None:
    _put(file, "data/demo_1/rewards", h5_dataset(file, "data/demo_1/rewards")[:-1])


def old_version(file: h5py.File) -> None:
    file.attrs["format_version"] = 0


def no_rotation(file: h5py.File) -> None:
    _put(file, POSE, h5_dataset(file, POSE)[()] * 2)


def no_velocity(file: h5py.File) -> None:
    del file["data/demo_1/initial_state/articulation/robot/root_velocity"]


@pytest.mark.parametrize(
    ("name", "damage", "message"),
    [
        ("robomimic", drop_mask, "/mask/train names no demo"),
        ("robomimic", name_a_stranger, "names 'demo_99', which is not there"),
        ("robomimic", wrong_total, "its attribute 'total' is 1"),
        ("robomimic", nest_an_observation, "in a group of its own"),
        ("robomimic", shorten_rewards, "/data/demo_1/rewards has shape"),
        ("isaaclab", wrong_total, "its attribute 'total' is 1"),
        ("isaaclab", old_version, "taken for wxyz"),
        ("isaaclab", no_rotation, "quaternions that are no rotations"),
        ("isaaclab", no_velocity, "root_velocity"),
    ],
)
def test_what_is_wrong_is_named(
    small_dataset: Path,
    tmp_path: Path,
    name: str,
    damage: Callable[[h5py.File], None],
    message: str,
) -> None:
    path = tmp_path / "damaged.hdf5"
    path.write_bytes(small_dataset.read_bytes())
    with h5py.File(path, "a") as file:
        damage(file)
    with pytest.raises(DatasetError, match=message):
        export([path], tmp_path / "copy.hdf5", name)
    assert not (tmp_path / "copy.hdf5").exists()
