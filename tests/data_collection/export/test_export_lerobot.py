"""LeRobot v3.0, read by what it is made of; suites/lerobot reads it with lerobot itself."""

import json
from pathlib import Path

import h5py
import numpy as np
import pyarrow.parquet as pq
import pytest
from h5_content import h5_dataset
from lerobot_reader import Columns, columns, frame_at, json_object, numbers
from numpy.typing import NDArray

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.rolling_files import VideoSeries
from vla_humanoid.data_collection.export.run import export


@pytest.fixture(scope="module")
def exported(small_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In many small files; read only."""
    output = tmp_path_factory.mktemp("lerobot") / "exported"
    export([small_dataset], output, "lerobot", options=ExportOptions(file_mb=0.002))
    return output


@pytest.fixture(scope="module")
def frames(exported: Path) -> Columns:
    return columns(exported, "data/*/*.parquet")


@pytest.fixture(scope="module")
def episodes(exported: Path) -> Columns:
    return columns(exported, "meta/episodes/*/*.parquet")


def test_every_number_is_that_of_its_step(
    small_dataset: Path, frames: Columns, episodes: Columns
) -> None:
    with h5py.File(small_dataset) as file:
        for episode, name in enumerate(episodes["source_demo"]):
            rows = slice(
                int(str(episodes["dataset_from_index"][episode])),
                int(str(episodes["dataset_to_index"][episode])),
            )

            def there(path: str, name: object = name) -> NDArray[np.generic]:
                return h5_dataset(file, f"data/{name}/{path}")[:]

            np.testing.assert_array_equal(numbers(frames["action"][rows]), there("actions"))
            np.testing.assert_array_equal(
                numbers(frames["observation.state"][rows]), there("obs/state")
            )
            np.testing.assert_array_equal(numbers(frames["next.reward"][rows]), there("rewards"))
            np.testing.assert_array_equal(numbers(frames["next.done"][rows]), there("dones"))
            steps = len(there("actions"))
            assert frames["frame_index"][rows] == list(range(steps))
            assert frames["episode_index"][rows] == [episode] * steps
            times = (np.arange(steps) / 20).astype(np.float32)
            np.testing.assert_array_equal(numbers(frames["timestamp"][rows]), times)
            assert frames["next.success"][rows][-1]
            assert not any(frames["next.success"][rows][:-1])


def test_episodes_follow_each_other_without_gaps(
    exported: Path, frames: Columns, episodes: Columns
) -> None:
    starts, stops = episodes["dataset_from_index"], episodes["dataset_to_index"]
    assert starts == [0, *stops[:-1]]
    assert (
        stops[-1]
        == len(frames["index"])
        == json_object(exported / "meta/info.json")["total_frames"]
    )
    assert frames["index"] == list(range(len(frames["index"])))


def test_an_episode_is_in_the_files_that_it_names(exported: Path, episodes: Columns) -> None:
    assert len(list(exported.glob("data/*/*.parquet"))) > 1, "the files roll over"
    assert len(list(exported.glob("videos/observation.images.head/*/*.mp4"))) > 1
    for episode, (chunk, file) in enumerate(
        zip(episodes["data/chunk_index"], episodes["data/file_index"], strict=True)
    ):
        path = exported / f"data/chunk-{chunk:03}/file-{file:03}.parquet"
        assert episode in pq.read_table(path)["episode_index"].to_pylist()


def test_images_are_found_at_their_times(
    exported: Path, small_dataset: Path, episodes: Columns
) -> None:
    key = "videos/observation.images.right_wrist"
    with open_dataset(small_dataset) as dataset:
        for episode, name in enumerate(episodes["source_demo"]):
            demo = dataset.demo(str(name))
            chunk, file = (episodes[f"{key}/{it}_index"][episode] for it in ("chunk", "file"))
            path = exported / f"{key}/chunk-{chunk:03}/file-{file:03}.mp4"
            start = float(str(episodes[f"{key}/from_timestamp"][episode]))
            stop = float(str(episodes[f"{key}/to_timestamp"][episode]))
            assert stop - start == pytest.approx(demo.steps / 20)
            for step in (0, 1, demo.steps // 2, demo.steps - 1):
                found = frame_at(path, start + step / 20).astype(int)
                errors = {
                    other: np.abs(found - demo.image("right_wrist", other)).mean()
                    for other in range(demo.steps)
                }
                # These images differ by 1 of 255 from one to the next, which is coded as no change.
                assert abs(min(errors, key=lambda other: errors[other]) - step) <= 3
                assert errors[step] < 8.0


def test_sentences_are_tasks(exported: Path, small_dataset: Path, frames: Columns) -> None:
    table = pq.read_table(exported / "meta/tasks.parquet")
    tasks = dict(zip(*(table[name].to_pylist() for name in ("task_index", "task")), strict=True))
    assert list(tasks) == list(range(len(tasks)))
    assert json.loads(table.schema.metadata[b"pandas"])["index_columns"] == ["task"]
    with open_dataset(small_dataset) as dataset:
        assert set(tasks.values()) == {demo.text("instruction") for demo in dataset.demos()}
    assert set(frames["task_index"]) == set(tasks)


def test_statistics_are_those_of_all_frames(
    exported: Path, small_dataset: Path, frames: Columns
) -> None:
    stats = json_object(exported / "meta/stats.json")
    for name in frames:
        values = numbers(frames[name]).reshape(len(frames[name]), -1)
        check_statistics(stats[name], values, (values.shape[1],))
    with open_dataset(small_dataset) as dataset:
        pixels = np.concatenate(
            [
                demo.image("head", step).reshape(-1, 3) / 255
                for demo in dataset.demos()
                for step in range(demo.steps)
            ]
        )
    check_statistics(stats["observation.images.head"], pixels, (3, 1, 1))


def check_statistics(found: object, values: NDArray[np.float64], shape: tuple[int, ...]) -> None:
    assert isinstance(found, dict)
    expected = {
        "min": values.min(axis=0),
        "max": values.max(axis=0),
        "mean": values.mean(axis=0),
        "std": values.std(axis=0),
        **{f"q{q:02}": np.quantile(values, q / 100, axis=0) for q in (1, 10, 50, 90, 99)},
    }
    for name, numbers_there in expected.items():
        there = np.array(found[name])
        assert there.shape == shape
        np.testing.assert_allclose(there.ravel(), numbers_there, rtol=1e-6, atol=1e-9)


def test_what_the_numbers_mean_travels_along(exported: Path) -> None:
    info = json_object(exported / "meta/info.json")
    features = info["features"]
    assert isinstance(features, dict)
    assert features["action"]["names"] == ["push", "turn"]
    assert features["observation.state"]["names"] == ["slide", "hinge"]
    assert info["splits"] == {"train": "0:5", "valid": "5:6"}
    described = json_object(exported / "meta/vla_humanoid.json")
    assert described["action"] == [
        {"name": "push", "unit": "N", "low": -1.0, "high": 1.0, "frame": ""},
        {"name": "turn", "unit": "N m", "low": -1.0, "high": 1.0, "frame": ""},
    ]


def test_nothing_of_the_world_is_exported(exported: Path, frames: Columns) -> None:
    names = {"observation.state", "action", "next.reward", "next.done", "next.success"}
    counted = {"timestamp", "frame_index", "episode_index", "index", "task_index"}
    assert set(frames) == names | counted


def test_no_frame_is_off_by_one(tmp_path: Path) -> None:
    lengths = (7, 12, 9)
    with VideoSeries(tmp_path, 1e9, rate=20, shape=(32, 32)) as series:
        clips = []
        for steps in lengths:
            clips.append(series.begin(steps))
            for step in range(steps):
                series.add(np.full((32, 32, 3), 20 * step, np.uint8))
    for clip, steps in zip(clips, lengths, strict=True):
        path = clip.place.path(tmp_path, ".mp4")
        levels = [frame_at(path, clip.start + step / 20).mean() for step in range(steps)]
        np.testing.assert_allclose(levels, 20.0 * np.arange(steps), atol=4.0)


def test_videos_end_before_float32_times_get_coarse(tmp_path: Path) -> None:
    image = np.zeros((16, 16, 3), np.uint8)
    with VideoSeries(tmp_path, 1e9, rate=1, shape=(16, 16)) as series:
        clips = []
        for steps in (600, 300, 300):
            clips.append(series.begin(steps))
            for _ in range(steps):
                series.add(image)
    assert [(clip.place.file, clip.start, clip.stop) for clip in clips] == [
        (0, 0.0, 600.0),
        (0, 600.0, 900.0),
        (1, 0.0, 300.0),
    ]
