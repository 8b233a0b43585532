"""TensorFlow Datasets reads our RLDS export, and finds in every step what our file holds."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from vla_humanoid.data_collection.dataset_file import Demo, open_dataset
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.run import export

Nested = dict  # Of arrays and of such; TensorFlow's own annotations say no more.
VIEWS = {"head": "image", "right_wrist": "wrist_image", "external": "external_image"}
JPEG_MEAN_ERROR = 5.0
"""Of 255: the images are small and noisy. Those of the lossless export must be equal."""


@pytest.fixture(scope="module")
def lossless(demos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("rlds") / "pick_place"
    # Files of 1 MB, so that there are several.
    export([demos], output, "rlds", options=ExportOptions(lossless=True, file_mb=1.0))
    return output


def read_only_builder(folder: Path) -> tfds.core.DatasetBuilder:
    return tfds.builder_from_directory(str(folder / "1.0.0"))


def episodes(builder: tfds.core.DatasetBuilder) -> Iterator[tuple[str, Nested]]:
    for split in builder.info.splits:
        for episode in tfds.as_numpy(builder.as_dataset(split=split, shuffle_files=False)):
            yield split, episode


def check_steps(steps: list[Nested], demo: Demo) -> None:
    """Compare all but the images."""
    last = demo.steps - 1
    assert len(steps) == demo.steps
    actions, states, rewards = demo.actions(), demo.array("obs/state"), demo.array("rewards")
    for index, step in enumerate(steps):
        np.testing.assert_array_equal(step["action"], actions[index])
        np.testing.assert_array_equal(step["observation"]["state"], states[index])
        assert step["reward"] == rewards[index]
        assert step["language_instruction"].decode() == demo.text("instruction")
        assert (step["is_first"], step["is_last"]) == (index == 0, index == last)
        assert step["is_terminal"] == (index == last)
        assert step["discount"] == float(index != last)


def test_every_step_is_what_the_file_holds(lossless: Path, demos: Path) -> None:
    seen: set[str] = set()
    builder = read_only_builder(lossless)
    assert max(len(split.filepaths) for split in builder.info.splits.values()) > 1
    with open_dataset(demos) as dataset:
        valid = dataset.masks()["valid"]
        for split, episode in episodes(builder):
            metadata = episode["episode_metadata"]
            file, _, name = metadata["file_path"].decode().partition("/")
            demo = dataset.demo(name)
            seen.add(name)
            assert file == demos.name
            assert split == ("val" if name in valid else "train")
            assert metadata["success"]
            assert metadata["task"].decode() == "PickPlace"
            paraphrases = json.loads(metadata["paraphrases"].decode())
            assert tuple(paraphrases) == demo.json_texts("paraphrases")
            steps = list(episode["steps"])
            check_steps(steps, demo)
            for camera, view in VIEWS.items():
                for index, step in enumerate(steps):
                    np.testing.assert_array_equal(
                        step["observation"][view], demo.image(camera, index)
                    )
        assert seen == set(dataset.demo_names())


def test_jpeg_images_are_close(demos: Path, tmp_path: Path) -> None:
    export([demos], tmp_path / "jpeg", "rlds")
    with open_dataset(demos) as dataset:
        for _, episode in episodes(read_only_builder(tmp_path / "jpeg")):
            demo = dataset.demo(episode["episode_metadata"]["file_path"].decode().split("/")[1])
            steps = list(episode["steps"])
            check_steps(steps, demo)
            for camera, view in VIEWS.items():
                found = np.stack([step["observation"][view] for step in steps]).astype(float)
                ours = np.stack([demo.image(camera, index) for index in range(demo.steps)])
                assert np.abs(found - ours).mean() < JPEG_MEAN_ERROR
                # The sequence as a whole belongs to no other moment.
                shifted = np.abs(found[1:] - ours[:-1]).mean()
                assert np.abs(found - ours).mean() < shifted


def test_it_is_found_by_its_folder(lossless: Path) -> None:
    """As OpenVLA looks for it, by ``--data_root_dir`` and ``--dataset_name``."""
    builder = tfds.builder("pick_place", data_dir=str(lossless.parent))
    assert builder.info.splits["train"].num_examples == 3
    assert builder.info.splits["val"].num_examples == 1


def test_openvla_reads_it_undecoded(lossless: Path, demos: Path) -> None:
    """The steps that its loader takes: skip decoding, broadcast the metadata, decode the images."""
    builder = read_only_builder(lossless)
    dataset = builder.as_dataset(
        split="train",
        shuffle_files=False,
        decoders={"steps": tfds.decode.SkipDecoding()},
        read_config=tfds.ReadConfig(skip_prefetch=True),
    )

    def as_trajectory(episode: Nested) -> Nested:
        steps = episode.pop("steps")
        length = tf.shape(tf.nest.flatten(steps)[0])[0]
        metadata = tf.nest.map_structure(lambda value: tf.repeat(value, length), episode)
        return {**steps, "traj_metadata": metadata}

    count = 0
    with open_dataset(demos) as file:
        for trajectory in dataset.map(as_trajectory):
            path = trajectory["traj_metadata"]["episode_metadata"]["file_path"]
            demo = file.demo(path[0].numpy().decode().split("/")[1])
            assert {len(value) for value in tf.nest.flatten(trajectory)} == {demo.steps}
            image = tf.io.decode_image(
                trajectory["observation"]["image"][3], expand_animations=False, dtype=tf.uint8
            )
            np.testing.assert_array_equal(image.numpy(), demo.image("head", 3))
            np.testing.assert_array_equal(trajectory["action"].numpy(), demo.actions())
            count += 1
    assert count == 3


def test_features_tell_what_numbers_mean(lossless: Path) -> None:
    steps = read_only_builder(lossless).info.features["steps"]
    assert "right_grip [1] 0..1" in steps["action"].doc.desc
    assert "right_wrist_x [m, stance]" in steps["observation"]["state"].doc.desc
