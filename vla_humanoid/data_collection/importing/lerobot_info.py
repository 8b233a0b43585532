"""What a LeRobot dataset, v2.1 or v3.0, says about itself in ``meta/info.json``."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.embodiment.table import is_number

VERSIONS = ("v2.0", "v2.1", "v3.0")
IMAGE_KINDS = ("image", "video")
_LARGEST_JSON = 64 << 20
_FASTEST = 1000.0
_PLACEHOLDER = re.compile(r"\{(\w+)(?::0?(\d)d)?\}")


@dataclass(frozen=True)
class Feature:
    """What a source records at each of its frames.

    Args:
        kind: its dtype: float32, int64, image, video, ...
        shape: of one frame's value.
        names: of its entries; empty where they have none.
    """

    kind: str
    shape: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of entries of a vector."""
        return self.shape[0] if self.shape else 1


@dataclass(frozen=True)
class LeRobotInfo:
    """What a dataset says about itself.

    Args:
        folder: where it is.
        version: one of `VERSIONS`.
        fps: frames per second.
        robot: kind of robot.
        episodes: how many there are.
        chunks_size: episodes in a folder, before v3.0.
        features: by name.
        splits: ranges of episodes by name.
        data_path: template of the Parquet files' paths.
        video_path: template of the videos' paths; empty where there are none.
    """

    folder: Path
    version: str
    fps: float
    robot: str
    episodes: int
    chunks_size: int
    features: Mapping[str, Feature]
    splits: Mapping[str, range]
    data_path: str
    video_path: str

    @property
    def is_v3(self) -> bool:
        """Whether many episodes share a file."""
        return self.version == "v3.0"

    def file(self, template: str, **values: str | int) -> Path:
        """Return the path that a template gives.

        Raises:
            DatasetError: if it leads out of the dataset or there is no such file.
        """

        def put(match: re.Match[str]) -> str:
            value = values.get(match[1])
            if value is None:
                raise DatasetError(
                    f"{self.folder}: the path {template!r} has no use for {match[1]!r}."
                )
            return str(value).zfill(int(match[2] or 0))

        path = self.folder / _PLACEHOLDER.sub(put, template)
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise DatasetError(f"{self.folder}: the path {template!r} leads out of the dataset.")
        if not path.is_file():
            raise DatasetError(f"{self.folder}: {path.relative_to(self.folder)} is missing.")
        return path


def read_info(folder: Path) -> LeRobotInfo:
    """Read what a dataset says about itself.

    Raises:
        DatasetError: if it is no LeRobot dataset of a known version.
    """
    path = folder / "meta" / "info.json"
    if not path.is_file():
        raise DatasetError(f"{folder} is no LeRobot dataset: it has no meta/info.json.")
    values = _read_json(path)
    version = values.get("codebase_version")
    if version not in VERSIONS:
        raise DatasetError(
            f"{path}: codebase_version is {version!r}; those read are {', '.join(VERSIONS)}."
        )
    fps = values.get("fps")
    if not is_number(fps) or not 0 < fps <= _FASTEST:
        raise DatasetError(f"{path}: fps is {fps!r}, not a number of frames per second.")
    features = values.get("features")
    if not isinstance(features, dict):
        raise DatasetError(f"{path} describes no features.")
    return LeRobotInfo(
        folder=folder,
        version=str(version),
        fps=float(fps),
        robot=str(values.get("robot_type") or "unknown"),
        episodes=_count(path, values, "total_episodes"),
        chunks_size=_count(path, values, "chunks_size"),
        features={str(name): _feature(path, name, value) for name, value in features.items()},
        splits=_splits(values.get("splits")),
        data_path=str(values.get("data_path") or ""),
        video_path=str(values.get("video_path") or ""),
    )


def _read_json(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise ValueError("it is too large")
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise TypeError("it is no object")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise DatasetError(f"{path} cannot be read: {error}.") from error
    return values


def _count(path: Path, values: Mapping[str, object], name: str) -> int:
    value = values.get(name)
    if not isinstance(value, int) or value < 1:
        raise DatasetError(f"{path}: {name} is {value!r}, not a positive whole number.")
    return value


def _feature(path: Path, name: str, value: object) -> Feature:
    entry = value if isinstance(value, dict) else {}
    kind, shape = entry.get("dtype"), entry.get("shape")
    if not isinstance(kind, str) or not isinstance(shape, list):
        raise DatasetError(f"{path}: the feature {name!r} has no dtype or no shape.")
    if not all(isinstance(extent, int) and extent > 0 for extent in shape):
        raise DatasetError(f"{path}: the feature {name!r} has the shape {shape}.")
    return Feature(kind, tuple(shape), _names(entry.get("names")))


def _names(value: object) -> tuple[str, ...]:
    """Return the names of entries: a list, or lists by what they are names of."""
    if isinstance(value, dict):
        value = [
            name for part in value.values() for name in (part if isinstance(part, list) else [])
        ]
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _splits(value: object) -> dict[str, range]:
    """Return ranges such as "0:10" by name; others are passed over."""
    found: dict[str, range] = {}
    for name, text in (value if isinstance(value, dict) else {}).items():
        first, colon, last = str(text).partition(":")
        if colon and first.isdecimal() and last.isdecimal():
            found[str(name)] = range(int(first), int(last))
    return found
