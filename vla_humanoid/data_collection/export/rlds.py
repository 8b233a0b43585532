"""RLDS: what TensorFlow Datasets reads, and with it OpenVLA and Octo; written without TensorFlow.

The folder holds one version, ``1.0.0``, so that the dataset's name is that of the folder:
``tfds.builder("<folder>", data_dir="<parent>")`` finds it, ``tfds.builder_from_directory`` as well.
"""

import json
from io import BytesIO
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.rlds_features import Json, features, image_key
from vla_humanoid.data_collection.export.source import Episode, Source
from vla_humanoid.data_collection.export.tf_example import Feature, encode_example
from vla_humanoid.data_collection.export.tfrecord import LONGEST_RECORD, ShardedRecords
from vla_humanoid.data_collection.file_description import FileDescription

VERSION = "1.0.0"
MARKER = f"{VERSION}/dataset_info.json"
JPEG_QUALITY = 95
"""Colours are not subsampled."""

_PNG_LEVEL = 1
"""Of zlib; higher ones take far longer for little."""
_NAME = "vla_humanoid"
_FILES = "{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}"
_SPLITS = {"train": "train", "valid": "val", "failed": "failed"}
"""By our names; OpenVLA looks for ``val``."""
_SHARD_MB = 128.0


def write(source: Source, target: Path, options: ExportOptions) -> None:
    """Write a folder that TensorFlow Datasets reads.

    Raises:
        DatasetError: if something cannot be read, or an episode is too long for one record.
        OSError: if it cannot be written.
    """
    folder = target / VERSION
    folder.mkdir(parents=True)
    encoding = "png" if options.lossless else "jpeg"
    shard_bytes = round((options.file_mb or _SHARD_MB) * 1e6)
    splits: list[Json] = []
    for split, episodes in groupby(source.episodes(), key=lambda episode: episode.key.split):
        name = _SPLITS[split]
        with ShardedRecords(folder, f"{_NAME}-{name}.tfrecord", shard_bytes) as records:
            for episode in episodes:
                records.add(_record(episode, source.description, encoding))
        splits.append(_split(name, records))
    _write_json(folder / "features.json", features(source.description, encoding))
    _write_json(folder / "dataset_info.json", _info(splits))


def _record(episode: Episode, description: FileDescription, encoding: str) -> bytes:
    """Return an episode as one record, which is what RLDS wants it to be."""
    steps = episode.steps
    last = np.arange(steps) == steps - 1
    said, index = episode.sentences()
    example: dict[str, Feature] = {
        "steps/observation/state": episode.states(),
        "steps/action": episode.actions(),
        "steps/discount": (1 - (last & episode.success)).astype(np.float32),
        "steps/reward": episode.rewards(),
        "steps/is_first": np.arange(steps) == 0,
        "steps/is_last": last,
        "steps/is_terminal": last & episode.success,
        "steps/language_instruction": [said[sentence].encode() for sentence in index],
        "episode_metadata/file_path": [f"{episode.key.path.name}/{episode.key.demo}".encode()],
        "episode_metadata/task": [episode.task.encode()],
        "episode_metadata/success": np.array([episode.success]),
        "episode_metadata/paraphrases": [json.dumps(episode.paraphrases).encode()],
    }
    for camera in description.cameras:
        frames = [_encoded(frame, encoding) for frame in episode.frames(camera)]
        example[f"steps/observation/{image_key(camera)}"] = frames
    record = encode_example(example)
    if len(record) > LONGEST_RECORD:
        raise DatasetError(
            f"{episode.key.path}: {episode.key.demo} takes {len(record)} bytes, but a record of "
            f"RLDS holds {LONGEST_RECORD}; export it with smaller images."
        )
    return record


def _encoded(frame: NDArray[np.uint8], encoding: str) -> bytes:
    stream = BytesIO()
    if encoding == "png":
        Image.fromarray(frame).save(stream, "PNG", compress_level=_PNG_LEVEL)
    else:
        Image.fromarray(frame).save(stream, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return stream.getvalue()


def _split(name: str, records: ShardedRecords) -> Json:
    return {
        "name": name,
        "filepathTemplate": _FILES,
        "numBytes": str(records.record_bytes),
        "shardLengths": [str(length) for length in records.shard_lengths],
    }


def _info(splits: list[Json]) -> Json:
    return {
        "name": _NAME,
        "version": VERSION,
        "description": "Demonstrations of a Unitree G1 humanoid, told what to do in words.",
        "fileFormat": "tfrecord",
        "splits": splits,
    }


def _write_json(path: Path, content: Json) -> None:
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
