import shutil
from collections.abc import Mapping
from pathlib import Path

import h5py
import pytest
from fake_environment import FakeConfig, FakeEnv
from h5_content import h5_dataset, h5_group, h5_text

from vla_humanoid.data_collection.dataset import open_dataset
from vla_humanoid.data_collection.environment import DemonstrationEnv
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.replay import ReplayResult, replay, version_differences


def make_fake_env(name: str, kwargs: Mapping[str, object]) -> DemonstrationEnv:
    assert name == "VLAHumanoid-PickPlace-v0"
    assert kwargs["cameras"] == ()
    assert kwargs["image_size"] == 24
    assert isinstance(kwargs["randomization"], tuple)
    return FakeEnv(FakeConfig(cameras=(), image_size=24))


def replay_all(path: Path) -> list[ReplayResult]:
    with open_dataset(path) as dataset:
        return list(replay(dataset, make=make_fake_env))


def test_successes_and_failures_repeat_without_deviation(dataset_with_failures: Path) -> None:
    results = replay_all(dataset_with_failures)
    assert {result.recorded_success for result in results} == {True, False}
    for result in results:
        assert result.success == result.recorded_success
        assert result.repeated
        assert result.steps[0] == result.steps[1]
        assert result.initial.value == 0.0
        assert result.largest.value == 0.0


def test_only_the_demos_asked_for(small_dataset: Path) -> None:
    with open_dataset(small_dataset) as dataset:
        results = list(replay(dataset, ["demo_4", "demo_1"], make_fake_env))
    assert [result.demo for result in results] == ["demo_4", "demo_1"]


@pytest.fixture
def copy(small_dataset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(small_dataset, tmp_path / "copy.hdf5"))


def test_changed_actions_show_as_deviation(copy: Path) -> None:
    with h5py.File(copy, "r+") as file:
        actions = h5_dataset(file, "data/demo_0/actions")
        actions[2, 1] = actions[2, 1] + 0.5
    first = replay_all(copy)[0]
    assert first.initial.value == 0.0
    assert first.largest.value == pytest.approx(0.05, rel=1e-4)
    assert first.success


def test_a_shift_by_one_between_states_and_actions_shows(copy: Path) -> None:
    with h5py.File(copy, "r+") as file:
        actions = h5_dataset(file, "data/demo_0/actions")
        actions[1:] = actions[:-1]
    assert replay_all(copy)[0].largest.value > 1e-3


def test_a_success_that_does_not_repeat_is_told(copy: Path) -> None:
    with h5py.File(copy, "r+") as file:
        actions = h5_dataset(file, "data/demo_0/actions")[:-3]
        del file["data/demo_0/actions"]
        file["data/demo_0/actions"] = actions
        file["data/demo_0"].attrs["num_samples"] = len(actions)
    first, *others = replay_all(copy)
    assert not first.repeated
    assert first.failure == "recorded actions ended"
    assert all(result.repeated for result in others)


def test_another_world_shows(copy: Path) -> None:
    with h5py.File(copy, "r+") as file:
        states = h5_group(file, "data/demo_0/initial_state/rigid_object")
        states.move("red_cube", "blue_cube")
    first = replay_all(copy)[0]
    assert first.initial.value == float("inf")
    assert first.initial.field.startswith("rigid_object/")


def test_an_unknown_environment_is_told(copy: Path) -> None:
    with h5py.File(copy, "r+") as file:
        arguments = h5_text(file, "data", "env_args").replace("PickPlace", "Juggle")
        file["data"].attrs["env_args"] = arguments
    with open_dataset(copy) as dataset, pytest.raises(DatasetError, match="Juggle-v0 cannot be"):
        list(replay(dataset))


def test_versions_that_differ_are_named(copy: Path) -> None:
    with open_dataset(copy) as dataset:
        assert version_differences(dataset) == ()
    with h5py.File(copy, "r+") as file:
        file["data"].attrs["versions"] = '{"mujoco": "1.0"}'
    with open_dataset(copy) as dataset:
        (difference,) = version_differences(dataset)
    assert difference.startswith("mujoco 1.0 there, ")
