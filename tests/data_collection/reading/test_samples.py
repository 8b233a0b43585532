"""What samples hold, compared with a plain reader of the file."""

import json
import shutil
from collections import Counter
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset, h5_group, h5_text

from vla_humanoid.data_collection import Dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.reading.sample import Sample
from vla_humanoid.data_collection.run_config import GenerationConfig

HISTORY, CHUNK = 3, 5


@pytest.fixture(params=["gzip", "lzf", "none", "unfinished"])
def stored(request: pytest.FixtureRequest, small_dataset: Path, tmp_path: Path) -> Path:
    """The same dataset, stored in different ways."""
    path = tmp_path / "demos.hdf5"
    with h5py.File(small_dataset) as source, h5py.File(path, "w") as target:
        for name in source:
            source.copy(name, target)
        if request.param in ("lzf", "none"):
            for demo in h5_group(target, "data"):
                store_otherwise(h5_group(target, f"data/{demo}/obs"), request.param)
        if request.param == "unfinished":
            keep_apart(target, path)
    return path


def store_otherwise(group: h5py.Group, way: str) -> None:
    for key in ("head_image", "right_wrist_image"):
        images = np.asarray(group[key])
        del group[key]
        group.create_dataset(key, data=images, compression=None if way == "none" else way)


def keep_apart(file: h5py.File, path: Path) -> None:
    """Move each episode into a file of its own, as while a run goes on."""
    data = h5_group(file, "data")
    data.attrs["complete"] = False
    folder = path.with_name(f"{path.name}.parts")
    folder.mkdir()
    for name in list(data):
        with h5py.File(folder / f"{name}.hdf5", "w") as part:
            file.copy(f"data/{name}", part, "demo")
        del data[name]
        data[name] = h5py.ExternalLink(f"{folder.name}/{name}.hdf5", "demo")


def rows(file: h5py.File, path: str) -> np.ndarray:
    """All that a dataset of the file holds."""
    return np.asarray(h5_dataset(file, path)[()])


def check_sample(file: h5py.File, sample: Sample) -> None:
    """Compare a sample with the rows of the file that it should hold."""
    path = f"data/{sample.episode}"
    steps, now = len(rows(file, f"{path}/actions")), sample.step
    seen = np.clip(np.arange(now - HISTORY + 1, now + 1), 0, None)
    chosen = np.clip(np.arange(now, now + CHUNK), None, steps - 1)
    for camera, images in sample.images.items():
        expected = rows(file, f"{path}/obs/{camera}_image")[seen]
        np.testing.assert_array_equal(images, expected)
        assert images.dtype == np.uint8
    np.testing.assert_array_equal(sample.state, rows(file, f"{path}/obs/state")[seen])
    np.testing.assert_array_equal(sample.actions, rows(file, f"{path}/actions")[chosen])
    assert sample.state.dtype == sample.actions.dtype == np.float32
    assert sample.observation_is_pad.tolist() == [now - HISTORY + 1 + k < 0 for k in range(HISTORY)]
    assert sample.action_is_pad.tolist() == [now + k >= steps for k in range(CHUNK)]
    subgoals = json.loads(h5_text(file, path, "subgoals"))
    index = int(rows(file, f"{path}/subgoal")[now])
    assert sample.subgoal_index == index
    assert sample.subgoal == ([*subgoals, ""])[index]
    assert sample.progress == rows(file, f"{path}/progress")[now]
    assert sample.task == "PickPlace"
    texts = [h5_text(file, path, "instruction")]
    assert sample.sentence in texts + json.loads(h5_text(file, path, "paraphrases"))


def test_samples_hold_what_stands_in_the_file(stored: Path) -> None:
    with (
        Dataset(stored, observation_steps=HISTORY, action_steps=CHUNK, mask=None) as dataset,
        h5py.File(stored) as file,
    ):
        assert len(dataset) == sum(
            len(rows(file, f"data/{name}/actions")) for name in h5_group(file, "data")
        )
        seen = Counter[tuple[str, int]]()
        for sample in dataset:
            check_sample(file, sample)
            seen[sample.episode, sample.step] += 1
        assert set(seen.values()) == {1}
        assert {camera for sample in dataset for camera in sample.images} == {
            "head",
            "right_wrist",
        }


def test_masks_choose_the_episodes(small_dataset: Path) -> None:
    with h5py.File(small_dataset) as file:
        masks = {
            mask: {name.decode() for name in h5_dataset(file, f"mask/{mask}")[:]}
            for mask in ("train", "valid")
        }
    for mask, names in masks.items():
        dataset = Dataset(small_dataset, mask=mask)
        assert {sample.episode for sample in dataset} == names
    assert Dataset(small_dataset).files == (small_dataset,)
    with pytest.raises(ConfigurationError, match=r"no mask 'test'; it has train, valid"):
        Dataset(small_dataset, mask="test")


def test_failures_are_drawn_when_asked_for(dataset_with_failures: Path) -> None:
    dataset = Dataset(dataset_with_failures, mask="failed")
    assert not any(episode.success for episode in dataset.episodes())


def test_cameras_are_chosen(small_dataset: Path) -> None:
    sample = Dataset(small_dataset, cameras=("right_wrist",))[0]
    assert set(sample.images) == {"right_wrist"}
    assert Dataset(small_dataset, cameras=())[0].images == {}
    with pytest.raises(ConfigurationError, match=r"no images of waist; it has those of head, ri"):
        Dataset(small_dataset, cameras=("head", "waist"))


def test_what_a_camera_saw_when_the_robot_was_told(stored: Path) -> None:
    with Dataset(stored, cameras=("right_wrist",), told=("head",)) as dataset:
        samples = list(dataset)
    with h5py.File(stored) as file:
        for sample in samples:
            first = rows(file, f"data/{sample.episode}/obs/head_image")[0]
            np.testing.assert_array_equal(sample.told_images["head"], first)
            assert set(sample.images) == {"right_wrist"}
            assert set(sample.told_images) == {"head"}
    with pytest.raises(ConfigurationError, match=r"no images of waist"):
        Dataset(stored, told=("waist",), cameras=())


def test_order_follows_from_seed_and_epoch(small_dataset: Path) -> None:
    def order(seed: int, epoch: int) -> list[tuple[str, int, str]]:
        dataset = Dataset(small_dataset, seed=seed, cameras=())
        dataset.set_epoch(epoch)
        assert dataset.epoch == epoch
        return [(sample.episode, sample.step, sample.sentence) for sample in dataset]

    first = order(0, 0)
    assert first == order(0, 0)
    assert first != order(0, 1)
    assert first != order(1, 0)
    assert sorted({entry[:2] for entry in first}) == sorted({entry[:2] for entry in order(1, 0)})


def test_sentences_are_paraphrased_alike_often(small_dataset: Path) -> None:
    dataset = Dataset(small_dataset, cameras=(), mask=None)
    counts = Counter[int]()
    for epoch in range(20):
        dataset.set_epoch(epoch)
        for sample in dataset:
            side = "left" if "left" in sample.sentence else "right"
            choices = (f"push the cube to the {side}", f"move the cube {side}", f"cube goes {side}")
            counts[choices.index(sample.sentence)] += 1
    total = counts.total()
    assert all(counts[k] == pytest.approx(total / 3, rel=0.15) for k in range(3))
    told = Dataset(small_dataset, cameras=(), mask=None, paraphrase=False)
    assert {sample.sentence[:16] for sample in told} == {"push the cube to"}


def test_before_a_correction_only_what_was_said_is_told(
    small_dataset: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(small_dataset, tmp_path / "corrected.hdf5"))
    with h5py.File(path, "r+") as file:
        for name in h5_group(file, "data"):
            text = h5_text(file, f"data/{name}", "instruction")
            h5_group(file, f"data/{name}").attrs["said"] = json.dumps([[0, "wait"], [4, text]])
            sentence = h5_dataset(file, f"data/{name}/sentence")
            sentence[4:] = 1
    with h5py.File(path) as file:
        for sample in Dataset(path, cameras=(), told=("head",)):
            assert (sample.sentence == "wait") == (sample.step < 4)
            images = rows(file, f"data/{sample.episode}/obs/head_image")
            seen = images[0 if sample.step < 4 else 4]
            np.testing.assert_array_equal(sample.told_images["head"], seen)


@pytest.mark.parametrize("entry", [[99, "wait"], [-1, "wait"], ["0", "wait"], ["wait"], "wait"])
def test_a_sentence_that_is_told_at_no_step_is_refused(
    small_dataset: Path, tmp_path: Path, entry: object
) -> None:
    path = Path(shutil.copy(small_dataset, tmp_path / "corrected.hdf5"))
    with h5py.File(path, "r+") as file:
        h5_group(file, "data/demo_0").attrs["said"] = json.dumps([entry])
    with pytest.raises(DatasetError, match=r"demo_0.*'said' is not a list of \[step, sentence\]"):
        Dataset(path, mask=None)


def test_an_unshuffled_dataset_goes_through_the_file(small_dataset: Path) -> None:
    dataset = Dataset(small_dataset, shuffle=False, mask=None, cameras=())
    keys = [(sample.episode, sample.step) for sample in dataset]
    assert keys == sorted(keys)
    episodes = {episode.name: episode for episode in dataset.episodes()}
    assert [name for name, step in keys if step == 0] == list(episodes)


def test_whole_episodes(small_dataset: Path) -> None:
    dataset = Dataset(small_dataset, mask=None)
    with h5py.File(small_dataset) as file:
        for episode in dataset.episodes():
            path = f"data/{episode.name}"
            np.testing.assert_array_equal(episode.actions, rows(file, f"{path}/actions"))
            np.testing.assert_array_equal(episode.state, rows(file, f"{path}/obs/state"))
            for camera in episode.cameras:
                stored = rows(file, f"{path}/obs/{camera}_image")
                np.testing.assert_array_equal(episode.images(camera), stored)
            assert episode.words.instruction == episode.told(0)


def test_indices_count_from_the_end_as_well(small_dataset: Path) -> None:
    dataset = Dataset(small_dataset, cameras=())
    assert dataset[-1].step == dataset[len(dataset) - 1].step
    with pytest.raises(IndexError):
        dataset[len(dataset)]


def test_windows_need_a_step(small_dataset: Path) -> None:
    with pytest.raises(ConfigurationError, match="observation_steps must be at least 1, not 0"):
        Dataset(small_dataset, observation_steps=0)
    with pytest.raises(ConfigurationError, match="action_steps must be at least 1, not -1"):
        Dataset(small_dataset, action_steps=-1)
    with pytest.raises(ConfigurationError, match="seed must be at least 0, not -1"):
        Dataset(small_dataset, seed=-1)


def test_normalization_is_that_of_all_steps(small_dataset: Path) -> None:
    dataset = Dataset(small_dataset)
    episodes = list(dataset.episodes())
    for found, rows in (
        (dataset.normalization.state, np.concatenate([one.state for one in episodes])),
        (dataset.normalization.actions, np.concatenate([one.actions for one in episodes])),
    ):
        values = rows.astype(np.float64)
        assert found.count == len(rows) == len(dataset)
        np.testing.assert_allclose(found.mean, values.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(found.std, values.std(axis=0), rtol=1e-12)
        np.testing.assert_array_equal(found.minimum, rows.min(axis=0))
        np.testing.assert_array_equal(found.maximum, rows.max(axis=0))
        for name, level in (("q01", 0.01), ("q50", 0.5), ("q99", 0.99)):
            np.testing.assert_allclose(
                found.quantiles[name], np.quantile(values, level, axis=0), rtol=1e-9
            )


def test_real_episodes(tmp_path: Path) -> None:
    path = tmp_path / "demos.hdf5"
    config = GenerationConfig("PickPlace", episodes=2, cameras=("head",), image_size=32)
    generate(config, path, workers=1)
    dataset = Dataset(path, observation_steps=HISTORY, action_steps=CHUNK)
    with h5py.File(path) as file:
        for index in range(0, len(dataset), 7):
            check_sample(file, dataset[index])
    assert len(dataset.description.action) == dataset[0].actions.shape[1] == 18
    assert len(dataset.description.state) == dataset[0].state.shape[1]
    assert dataset.description.rate == pytest.approx(20.0)
    assert dataset.description.images == {"head": (32, 32)}
