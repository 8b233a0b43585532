"""Files of scenes, compared with the environments that they were made in."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset

from vla_humanoid.assets.camera_view import CameraView
from vla_humanoid.cli import main
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.data_collection.scenes.file import new_scene_file, open_scenes
from vla_humanoid.data_collection.scenes.making import make_scenes
from vla_humanoid.envs.humanoid_env import HumanoidEnv

CONFIG = GenerationConfig("PickPlace", episodes=5, seed=7, cameras=("head",), image_size=96)


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five scenes; read only."""
    path = tmp_path_factory.mktemp("scenes") / "scenes.hdf5"
    make_scenes(CONFIG, path, workers=2)
    return path


def environment(**kwargs: object) -> HumanoidEnv:
    env = make_env(CONFIG.env_name, CONFIG.env_kwargs | kwargs).unwrapped
    assert isinstance(env, HumanoidEnv)
    return env


def content(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def keep(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = np.asarray(item[()]).tobytes()

    with h5py.File(path) as file:
        file.visititems(keep)
        return found | {name: str(value).encode() for name, value in file.attrs.items()}


def test_scenes_are_those_of_their_seeds(scenes: Path) -> None:
    env = environment()
    with open_scenes(scenes) as file:
        assert len(file) == 5
        for index, seed in enumerate(file.seeds.tolist()):
            observation, _ = env.reset(seed=seed)
            np.testing.assert_array_equal(file.image("head", index), observation["images/head"])
            np.testing.assert_array_equal(file.state[index], observation["state"])
            first = file.texts[index].requests[0]
            assert first.sentences[0] == observation["instruction"]
            assert first.parts == tuple(env.task.parts(env.episode.goal, env.episode.scene))
    env.close()


def test_every_goal_of_a_scene_is_asked_for_in_words_that_mean_it(scenes: Path) -> None:
    env = environment(cameras=())
    with open_scenes(scenes) as file:
        for texts, seed in zip(file.texts, file.seeds.tolist(), strict=True):
            env.reset(seed=seed)
            scene = env.episode.scene
            goals = {str(env.task.parts(goal, scene)) for goal in env.task.goals(scene)}
            assert {str(request.parts) for request in texts.requests} == goals
            for request in texts.requests:
                for sentence in request.sentences:
                    meant = env.task.understand(sentence, scene)
                    assert env.task.parts(meant, scene) == request.parts
                assert {name for part in request.parts for name in part.values()} <= set(
                    texts.things
                )
    env.close()


def test_things_are_where_they_are_seen(scenes: Path) -> None:
    env = environment()
    hits, total = 0, 0
    with open_scenes(scenes) as file:
        for texts, seed in zip(file.texts, file.seeds.tolist(), strict=True):
            env.reset(seed=seed)
            labels = env.simulation.render_segmentation("head")
            names = env.simulation.segments
            for name, thing in texts.things.items():
                place = thing.seen["head"]
                assert place is not None
                column, row = (int(96 * one) for one in place)
                if 0 <= column < 96 and 0 <= row < 96:
                    total += 1
                    hits += names[labels[row, column]] == name
    env.close()
    assert total >= 15
    assert hits >= 0.9 * total  # Something may stand before it, or it is a bowl's hollow.


def test_things_are_seen_from_where_the_camera_is(scenes: Path) -> None:
    with open_scenes(scenes) as file:
        for texts in file.texts:
            camera = texts.cameras["head"]
            axes = quat_to_matrix(np.array(camera.quat_wxyz))
            view = CameraView(np.array(camera.position), axes, camera.fovy)
            for thing in texts.things.values():
                place = view.project(np.array([thing.position]))[0]
                seen = thing.seen["head"]
                assert seen is not None
                np.testing.assert_allclose(place, seen, atol=1e-9)


def test_the_number_of_workers_changes_nothing(scenes: Path, tmp_path: Path) -> None:
    path = tmp_path / "alone.hdf5"
    make_scenes(CONFIG, path, workers=1)
    assert content(path) == content(scenes)


def test_a_run_that_fails_leaves_what_was_there(scenes: Path, tmp_path: Path) -> None:
    path = tmp_path / "scenes.hdf5"
    path.write_bytes(b"before")

    def interrupt(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_scenes(CONFIG, path, workers=1, overwrite=True, on_scene=interrupt)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--cameras", "external"], "cameras on the robot; choose some of head"),
        (["--count", "0"], "count must be at least 1, not 0"),
        (["--workers", "0"], "workers must be at least 1"),
    ],
)
def test_impossible_requests_are_refused(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "scenes.hdf5"
    assert main(["scenes", "PickPlace", "--output", str(output), *arguments]) == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_kept(scenes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = scenes.read_bytes()
    assert main(["scenes", "PickPlace", "--output", str(scenes)]) == 2
    assert "exists already; pass --overwrite" in " ".join(capsys.readouterr().err.split())
    assert scenes.read_bytes() == before


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        (b"[]", "the texts is no JSON object"),
        (b'{"things": {"cup": {"position": [1, 2]}}, "requests": []}', "cup.position is not 3"),
        (b'{"things": {}, "requests": [{"parts": [], "sentences": []}]}', "sentences are none"),
        (b'{"things": {}, "requests": [], "cameras": {"head": {}}}', "head.position is no list"),
        (b'{"things": {}, "requests": [], "cameras": {}}', "scene 0 does not tell where head was"),
        (b"{", "of scene 0"),
    ],
)
def test_spoiled_texts_are_named(
    scenes: Path, tmp_path: Path, spoiled: bytes, message: str
) -> None:
    path = tmp_path / "scenes.hdf5"
    path.write_bytes(scenes.read_bytes())
    with h5py.File(path, "r+") as file:
        del file["texts"], file["text_ends"]
        file["texts"] = np.frombuffer(spoiled, np.uint8)
        file["text_ends"] = np.full(5, len(spoiled))
    with pytest.raises(DatasetError, match=message), open_scenes(path):
        pass


def test_files_of_something_else_are_refused(scenes: Path, tmp_path: Path) -> None:
    path = tmp_path / "scenes.hdf5"
    path.write_bytes(b"no HDF5 at all")
    with pytest.raises(DatasetError, match="cannot be opened"), open_scenes(path):
        pass
    path.write_bytes(scenes.read_bytes())
    with h5py.File(path, "r+") as file:
        seeds = np.asarray(h5_dataset(file, "seed")[()])
        del file["seed"]
        file["seed"] = seeds[:3]
    with pytest.raises(DatasetError, match="it has 3 seeds, but 5 of state"), open_scenes(path):
        pass


def test_ends_that_are_no_whole_numbers_are_refused(scenes: Path, tmp_path: Path) -> None:
    path = tmp_path / "scenes.hdf5"
    path.write_bytes(scenes.read_bytes())
    with h5py.File(path, "r+") as file:
        del file["text_ends"]
        file["text_ends"] = np.linspace(0.0, 9.0, 5)
    with pytest.raises(DatasetError, match="not whole numbers"), open_scenes(path):
        pass


def test_how_it_was_made_is_on_record(scenes: Path) -> None:
    with open_scenes(scenes) as file:
        assert file.json_object("config")["seed"] == 7
        assert "mujoco" in json.loads(file.text("versions"))


def test_a_writer_that_is_given_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stop"), new_scene_file(tmp_path / "x.hdf5", 2, {}):
        raise ValueError("stop")
    assert not list(tmp_path.iterdir())
