"""RLDS exports without TensorFlow: files, splits, bytes. suites/tfds reads them with it."""

import json
from pathlib import Path

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.run import export


def test_splits_shards_and_bytes(dataset_with_failures: Path, tmp_path: Path) -> None:
    options = ExportOptions(failures=True, file_mb=0.01)
    for name in ("one", "other"):
        export([dataset_with_failures], tmp_path / name, "rlds", options=options)
    folder = tmp_path / "one" / "1.0.0"
    info = json.loads((folder / "dataset_info.json").read_text())
    with open_dataset(dataset_with_failures) as dataset:
        masks = {name: len(demos) for name, demos in dataset.masks().items()}
    shards = {
        split["name"]: [int(length) for length in split["shardLengths"]] for split in info["splits"]
    }
    assert {name: sum(lengths) for name, lengths in shards.items()} == {
        "train": masks["train"],
        "val": masks["valid"],
        "failed": masks["failed"],
    }
    names = {path.name for path in folder.glob("*.tfrecord-*")}
    assert names == {
        f"vla_humanoid-{split}.tfrecord-{number:05d}-of-{len(lengths):05d}"
        for split, lengths in shards.items()
        for number in range(len(lengths))
    }
    assert len(shards["train"]) > 1
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "other" / "1.0.0" / path.name).read_bytes()


def test_images_are_named_as_openvla_does(small_dataset: Path, tmp_path: Path) -> None:
    export([small_dataset], tmp_path / "out", "rlds", options=ExportOptions(lossless=True))
    features = json.loads((tmp_path / "out" / "1.0.0" / "features.json").read_text())
    steps = features["featuresDict"]["features"]["steps"]["sequence"]["feature"]
    seen = steps["featuresDict"]["features"]["observation"]["featuresDict"]["features"]
    assert set(seen) == {"image", "wrist_image", "state"}
    assert seen["image"]["image"]["encodingFormat"] == "png"
