"""Names and shapes that LeRobot's v2.1 and v3.0 have in common."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vla_humanoid import __version__
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.export import video
from vla_humanoid.data_collection.export.feature_statistics import (
    Statistics,
    array_statistics,
    counted_statistics,
    index_statistics,
)
from vla_humanoid.data_collection.export.source import Source
from vla_humanoid.data_collection.file_description import FileDescription
from vla_humanoid.schema import Field

STATE = "observation.state"
ACTION = "action"
IMAGES = "observation.images."
ROBOT = "unitree_g1"
INFO = "meta/info.json"
DESCRIPTION = "meta/vla_humanoid.json"
"""Ours: what the numbers mean and where they come from."""

Feature = dict[str, object]
Columns = dict[str, NDArray[np.generic]]


def frames_per_second(description: FileDescription) -> int:
    """Return the frame rate, which these formats want to be a whole number.

    Raises:
        DatasetError: if it is not.
    """
    if description.exact_rate.denominator != 1:
        raise DatasetError(
            f"The episodes run at {description.rate:g} steps per second; this format wants "
            "a whole number."
        )
    return int(description.exact_rate)


def vector(names: Sequence[str]) -> Feature:
    """Describe a feature that is a vector of float32."""
    return {"dtype": "float32", "shape": [len(names)], "names": list(names)}


def scalar(dtype: str) -> Feature:
    """Describe a feature that is one number."""
    return {"dtype": dtype, "shape": [1], "names": None}


def camera_feature(shape: tuple[int, int], rate: int) -> Feature:
    """Describe the images of a camera, of some height and width.

    Raises:
        DatasetError: if one of these is odd, which the video cannot be.
    """
    height, width = shape
    if height % 2 or width % 2:
        raise DatasetError(
            f"The images have {height} x {width} pixels, but videos are of even sizes; generate "
            "them with another --image-size."
        )
    return {
        "dtype": "video",
        "shape": [height, width, 3],
        "names": ["height", "width", "channels"],
        "info": {
            "video.height": height,
            "video.width": width,
            "video.codec": video.CODEC,
            "video.pix_fmt": video.PIXEL_FORMAT,
            "video.is_depth_map": False,
            "video.fps": rate,
            "video.channels": 3,
            "has_audio": False,
        },
    }


FRAME_FEATURES: Mapping[str, Feature] = {
    "next.reward": scalar("float32"),
    "next.done": scalar("bool"),
    "next.success": scalar("bool"),
    "timestamp": scalar("float32"),
    "frame_index": scalar("int64"),
    "episode_index": scalar("int64"),
    "index": scalar("int64"),
    "task_index": scalar("int64"),
}
"""Of every frame, beside images, state and action."""

_TYPES: Mapping[str, pa.DataType] = {
    "float32": pa.float32(),
    "int64": pa.int64(),
    "bool": pa.bool_(),
}


def columns_table(columns: Columns, features: Mapping[str, Feature]) -> pa.Table:
    """Return rows of frames as Parquet holds them: vectors as lists of a fixed size."""
    arrays = {name: _array(values, features[name]) for name, values in columns.items()}
    return pa.table(arrays)


def _array(values: NDArray[np.generic], feature: Feature) -> pa.Array:
    kind = _TYPES[str(feature["dtype"])]
    flat = pa.array(np.ascontiguousarray(values).ravel(), kind)
    if values.ndim == 1:
        return flat
    return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])


def statistics_json(statistics: Statistics, image: bool) -> dict[str, object]:
    """Return statistics as LeRobot's JSON has them: images are (3, 1, 1), all else (D,)."""

    def nested(values: NDArray[np.float64]) -> list[object]:
        return [[[value]] for value in values.tolist()] if image else values.tolist()

    named = {name: nested(values) for name, values in statistics.named().items()}
    return {**named, "count": [statistics.count]}


def image_statistics(histogram: NDArray[np.int64], steps: int) -> Statistics:
    """Return the statistics of images in [0, 1], from the counts of each byte, shape (3, 256)."""
    return counted_statistics(np.arange(256) / 255, list(histogram), steps)


def counter_statistics(lengths: Sequence[int], rate: int) -> dict[str, Statistics]:
    """Return the statistics of the columns that only count, for episodes of some lengths."""
    steps = np.array(lengths, np.int64)
    count = int(steps.sum())
    # Frame k is in every episode that is longer than k.
    longest = np.arange(steps.max())
    there = (len(steps) - np.searchsorted(np.sort(steps), longest, side="right")).astype(np.int64)
    return {
        "timestamp": counted_statistics(timestamps(int(steps.max()), rate), [there], count),
        "frame_index": counted_statistics(longest, [there], count),
        "episode_index": counted_statistics(np.arange(len(steps)), [steps], count),
        "index": index_statistics(count),
    }


def timestamps(steps: int, rate: int) -> NDArray[np.float32]:
    """Return when the frames of an episode are [s]."""
    return (np.arange(steps) / rate).astype(np.float32)


def column_statistics(columns: Columns) -> dict[str, Statistics]:
    """Return the statistics of the columns of one episode."""
    return {name: array_statistics(values) for name, values in columns.items()}


def write_json(path: Path, content: object) -> None:
    """Write a JSON file for people to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_description(folder: Path, source: Source) -> None:
    """Write what the numbers mean: unit, bounds and frame of each, which no other file tells."""
    description = source.description
    content = {
        "package_version": __version__,
        "files": [path.name for path in source.paths],
        "control_mode": description.control_mode,
        "rate": description.rate,
        "joint_names": list(description.joint_names),
        "action": list(_fields(description.action)),
        "state": list(_fields(description.state)),
    }
    write_json(folder / DESCRIPTION, content)


def _fields(fields: Iterable[Field]) -> Iterable[dict[str, object]]:
    for field in fields:
        bounds = {
            name: value if np.isfinite(value) else None
            for name, value in (("low", field.low), ("high", field.high))
        }
        yield {"name": field.name, "unit": field.unit, **bounds, "frame": field.frame}
