import io
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import h5py
import numpy as np
import pytest
from fake_environment import FakeConfig, FakeEnv
from h5_content import h5_dataset, h5_group, h5_text
from rich.console import Console

from vla_humanoid.data_collection import replay_report
from vla_humanoid.data_collection.dataset_file import DatasetFile, open_dataset
from vla_humanoid.data_collection.environment import DemonstrationEnv
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.replay import (
    Deviation,
    ReplayResult,
    replay,
    version_differences,
)
from vla_humanoid.data_collection.replay_report import report_replay


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
    with open_dataset(copy) as dataset:
        demo = dataset.demo("demo_0")
        paths = ["actions", *(f"states/{path}" for path in demo.dataset_paths("states"))]
    with h5py.File(copy, "r+") as file:
        group = h5_group(file, "data/demo_0")
        for path in paths:
            rows = h5_dataset(file, f"data/demo_0/{path}")[:-3]
            del group[path]
            group[path] = rows
        group.attrs["num_samples"] = len(h5_dataset(file, "data/demo_0/actions"))
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


def test_an_engine_of_ones_choice_takes_the_place_of_the_recorded_one(copy: Path) -> None:
    asked: list[object] = []

    def make(name: str, kwargs: Mapping[str, object]) -> DemonstrationEnv:
        asked.append(kwargs["engine"])
        return make_fake_env(name, kwargs)

    with open_dataset(copy) as dataset:
        for engine in (None, "physx"):
            list(replay(dataset, ["demo_0"], make, engine))
    assert asked == ["mujoco", "physx"]


@pytest.mark.parametrize("engine", ["bullet", "isaaclab"])
def test_an_engine_that_replays_nothing_is_refused(copy: Path, engine: str) -> None:
    with (
        open_dataset(copy) as dataset,
        pytest.raises(ConfigurationError, match=f"{engine}'; choose one of mujoco, physx"),
    ):
        list(replay(dataset, engine=engine))


def test_an_engine_that_is_not_installed_is_told(copy: Path) -> None:
    def make(name: str, kwargs: Mapping[str, object]) -> DemonstrationEnv:
        raise ImportError("no such wheel")

    with open_dataset(copy) as dataset, pytest.raises(DatasetError, match="no such wheel"):
        list(replay(dataset, make=make))


def spoil_with_nan(demo: h5py.Group) -> None:
    h5_dataset(demo.file, f"{demo.name}/actions")[4, 0] = np.nan


def spoil_width(demo: h5py.Group) -> None:
    actions = h5_dataset(demo.file, f"{demo.name}/actions")[:, :1]
    del demo["actions"]
    demo["actions"] = actions


def spoil_type(demo: h5py.Group) -> None:
    steps = len(h5_dataset(demo.file, f"{demo.name}/actions"))
    del demo["actions"]
    demo["actions"] = np.full((steps, 2), b"left")


def spoil_length(demo: h5py.Group) -> None:
    del demo["actions"]
    demo["actions"] = np.zeros((0, 2), np.float32)
    demo.attrs["num_samples"] = 0


def spoil_seed(demo: h5py.Group) -> None:
    demo.attrs["seed"] = -4


def spoil_final_state(demo: h5py.Group) -> None:
    del demo["final_state/rigid_object/red_cube/root_pose"]


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (spoil_with_nan, "its actions are not finite at step 4"),
        (spoil_width, "its actions have 1 entries, but in its environment they have 2"),
        (spoil_type, "'actions' holds .*, not numbers"),
        (spoil_length, "it has no actions"),
        (spoil_seed, "'seed' is negative: -4"),
        (spoil_final_state, "final_state/rigid_object/red_cube/root_pose is no further row"),
    ],
)
def test_damage_names_the_demo_and_the_field_after_what_could_be_replayed(
    copy: Path, spoil: Callable[[h5py.Group], None], field: str
) -> None:
    with h5py.File(copy, "r+") as file:
        spoil(h5_group(file, "data/demo_1"))
    with open_dataset(copy) as dataset:
        results = replay(dataset, make=make_fake_env)
        assert next(results).demo == "demo_0"
        with pytest.raises(DatasetError, match=rf"copy\.hdf5: /data/demo_1 .*{field}"):
            next(results)


def test_a_recorded_state_that_is_no_number_is_a_deviation(copy: Path) -> None:
    with h5py.File(copy, "r+") as file:
        h5_dataset(file, "data/demo_0/states/articulation/robot/joint_position")[3, 1] = np.nan
    assert replay_all(copy)[0].largest.value == np.inf


def test_the_report_prints_each_result_as_it_comes(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replay_two(
        dataset: DatasetFile, demos: Sequence[str], engine: str | None
    ) -> Iterator[ReplayResult]:
        yield from replay(dataset, ["demo_0"], make_fake_env)
        assert printed.getvalue().startswith("demo_0: recorded success, replayed success, steps ")
        yield from replay(dataset, ["demo_1"], make_fake_env)

    printed = io.StringIO()
    monkeypatch.setattr(replay_report, "replay", replay_two)
    with open_dataset(copy) as dataset:
        assert report_replay(dataset, (), Console(file=printed))
    assert "demo_1: " in printed.getvalue()
    assert printed.getvalue().endswith(
        "2 of 2 recorded successes succeeded again; largest state deviation 0\n"
    )


def test_versions_that_differ_are_named(copy: Path) -> None:
    with open_dataset(copy) as dataset:
        assert version_differences(dataset) == ()
    with h5py.File(copy, "r+") as file:
        file["data"].attrs["versions"] = '{"mujoco": "1.0"}'
    with open_dataset(copy) as dataset:
        (difference,) = version_differences(dataset)
    assert difference.startswith("mujoco 1.0 there, ")


def test_a_replay_in_another_engine_says_so(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def replay_fake(
        dataset: DatasetFile, demos: Sequence[str], engine: str | None
    ) -> Iterator[ReplayResult]:
        return replay(dataset, ["demo_0"], make_fake_env, engine)

    monkeypatch.setattr(replay_report, "replay", replay_fake)
    printed = {}
    with open_dataset(copy) as dataset:
        for engine in (None, "mujoco", "physx"):
            text = io.StringIO()
            report_replay(dataset, (), Console(file=text), engine)
            printed[engine] = text.getvalue()
    assert "made with the engine mujoco, replayed in physx: states deviate" in printed["physx"]
    for engine in (None, "mujoco"):
        assert "made with" not in printed[engine]


@pytest.mark.parametrize(
    ("field", "column", "unit"),
    [
        ("articulation/robot/joint_position", 7, "rad"),
        ("articulation/drawer/joint_position", 0, "rad or m"),
        ("rigid_object/can/root_pose", 2, "m"),
        ("rigid_object/can/root_pose", 3, "of a quaternion"),
        ("rigid_object/can/root_velocity", 2, "m/s"),
        ("articulation/robot/root_velocity", 5, "rad/s"),
        ("", 0, ""),
    ],
)
def test_a_deviation_has_a_unit(field: str, column: int, unit: str) -> None:
    assert Deviation(1.0, field, column).unit == unit


def test_the_unit_is_that_of_the_column_that_deviates_most(copy: Path) -> None:
    with h5py.File(copy, "r+") as file:
        h5_dataset(file, "data/demo_0/states/rigid_object/red_cube/root_pose")[3, 1] += 9.0
    largest = replay_all(copy)[0].largest
    assert (largest.field, largest.column, largest.unit) == (
        "rigid_object/red_cube/root_pose",
        1,
        "m",
    )
