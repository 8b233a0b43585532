"""Isaac Lab's own reader of datasets finds, frame by frame, what we meant when we wrote them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pytest
import torch
from isaaclab.utils.datasets import EpisodeData, HDF5DatasetFileHandler
from isaaclab.utils.math import matrix_from_quat
from numpy.typing import NDArray

from vla_humanoid.cli import main
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.recorded_worlds import recorded_worlds
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.schema import FixtureState, RigidBodyState, WorldState

Nested: TypeAlias = "Mapping[str, torch.Tensor | Nested]"


@pytest.fixture(scope="module", params=["PickPlace", "OpenDrawer"])
def files(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """A file of real episodes, and what is exported of it."""
    folder = tmp_path_factory.mktemp("handler")
    demos, exported = folder / "demos.hdf5", folder / "exported.hdf5"
    config = GenerationConfig(
        request.param, episodes=2, seed=4, cameras=("head", "right_wrist"), image_size=32
    )
    generate(config, demos, workers=1)
    assert main(["export", str(demos), "--format", "isaaclab", "--output", str(exported)]) == 0
    return demos, exported


@pytest.fixture
def handler(files: tuple[Path, Path]) -> Iterator[HDF5DatasetFileHandler]:
    opened = HDF5DatasetFileHandler()
    opened.open(str(files[1]))
    yield opened
    opened.close()


def loaded(handler: HDF5DatasetFileHandler, name: str) -> EpisodeData:
    episode = handler.load_episode(name, "cpu")
    assert episode is not None
    return episode


def flat(tree: Nested, path: str = "") -> dict[str, NDArray[np.generic]]:
    """Every array of a tree, by its path."""
    found: dict[str, NDArray[np.generic]] = {}
    for key, value in tree.items():
        if isinstance(value, torch.Tensor):
            found[path + key] = value.numpy()
        else:
            found |= flat(value, f"{path}{key}/")
    return found


def test_every_value_of_every_dataset_is_loaded(
    files: tuple[Path, Path], handler: HDF5DatasetFileHandler
) -> None:
    with open_dataset(files[0]) as dataset:
        assert sorted(handler.get_episode_names()) == sorted(dataset.demo_names())
        assert handler.get_num_episodes() == len(dataset.demo_names()) == 2
        assert handler.get_env_name() == dataset.env_args["env_name"]
        for demo in dataset.demos():
            episode = loaded(handler, demo.name)
            assert (episode.seed, episode.success) == (demo.seed, demo.success)
            data = flat(cast(Nested, episode.data))
            assert sorted(data) == sorted(demo.dataset_paths(""))
            assert {"actions", "obs/state", "obs/head_image", "rewards", "dones"} <= set(data)
            for path, values in data.items():
                expected = demo.array(path)
                assert values.dtype == expected.dtype, path
                np.testing.assert_array_equal(values, expected, err_msg=path)


def test_actions_come_one_by_one_and_end_with_the_episode(
    files: tuple[Path, Path], handler: HDF5DatasetFileHandler
) -> None:
    with open_dataset(files[0]) as dataset:
        for demo in dataset.demos():
            episode = loaded(handler, demo.name)
            for action in demo.actions():
                told = episode.get_next_action()
                assert told is not None
                np.testing.assert_array_equal(told.numpy(), action)
            assert episode.get_next_action() is None


def test_states_mean_the_worlds_that_were_recorded(
    files: tuple[Path, Path], handler: HDF5DatasetFileHandler
) -> None:
    with open_dataset(files[0]) as dataset:
        for demo in dataset.demos():
            episode = loaded(handler, demo.name)
            worlds = list(recorded_worlds(demo))
            initial = cast("Nested | None", episode.get_initial_state())
            assert initial is not None
            check_world(initial, worlds[0])
            for world in worlds[:-1]:
                state = episode.get_next_state()
                assert state is not None
                check_world(state, world)
            assert episode.get_next_state() is None


def check_world(state: Nested, world: WorldState) -> None:
    """Compare a state of Isaac Lab's, in its conventions, with a world of ours."""
    rows = {path: row[0] for path, row in flat(state).items()}
    bodies = {f"rigid_object/{name}": thing for name, thing in world.objects.items()}
    fixtures = {f"articulation/{name}": thing for name, thing in world.fixtures.items()}
    robot = "articulation/robot"
    places = {path.rpartition("/")[0] for path in rows}
    assert places == {*bodies, *fixtures, robot}
    np.testing.assert_array_equal(rows[f"{robot}/joint_position"], world.robot.joint_positions)
    np.testing.assert_array_equal(rows[f"{robot}/joint_velocity"], world.robot.joint_velocities)
    for place, body in {**bodies, robot: world.robot.base}.items():
        check_body(rows[f"{place}/root_pose"], rows[f"{place}/root_velocity"], body)
    for place, fixture in fixtures.items():
        check_fixture({path: rows[f"{place}/{path}"] for path in FIXTURE_PATHS}, fixture)


FIXTURE_PATHS = ("root_pose", "joint_position", "joint_velocity")


def check_body(
    pose: NDArray[np.generic], velocity: NDArray[np.generic], body: RigidBodyState
) -> None:
    check_pose(pose, body.pose.position, body.pose.quat_wxyz)
    twist = np.concatenate([body.twist.linear, body.twist.angular])
    np.testing.assert_array_equal(velocity, twist)


def check_fixture(rows: Mapping[str, NDArray[np.generic]], fixture: FixtureState) -> None:
    check_pose(rows["root_pose"], fixture.pose.position, fixture.pose.quat_wxyz)
    np.testing.assert_array_equal(rows["joint_position"], [fixture.position])
    np.testing.assert_array_equal(rows["joint_velocity"], [fixture.velocity])


def check_pose(
    pose: NDArray[np.generic], position: NDArray[np.float64], quat_wxyz: NDArray[np.float64]
) -> None:
    np.testing.assert_array_equal(pose[:3], position)
    # As a rotation by Isaac Lab's own function, so that the order of the numbers counts.
    turned = matrix_from_quat(torch.tensor(pose[None, 3:].astype(np.float32)))[0].numpy()
    np.testing.assert_allclose(turned, quat_to_matrix(quat_wxyz), atol=1e-5)
