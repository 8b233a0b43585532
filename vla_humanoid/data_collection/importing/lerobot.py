"""Reads LeRobot datasets, v2.1 and v3.0, episode by episode, without lerobot."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.importing.lerobot_info import (
    IMAGE_KINDS,
    LeRobotInfo,
    read_info,
)
from vla_humanoid.schema import FloatArray

_TASK = "task_index"
_EPISODE = "episode_index"


@dataclass(frozen=True)
class Clip:
    """Where the images of an episode are in a video.

    Args:
        path: of the video.
        start: time of the first [s].
    """

    path: Path
    start: float


@dataclass(frozen=True)
class EpisodePlace:
    """Where an episode is.

    Args:
        number: of the episode.
        length: how many frames it has.
        data: the Parquet file with its rows.
        clips: its images by feature.
    """

    number: int
    length: int
    data: Path
    clips: Mapping[str, Clip]


class LeRobotDataset:
    """A LeRobot dataset on this machine.

    Args:
        folder: where it is.

    Raises:
        DatasetError: if it is none, or something in it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.info: LeRobotInfo = read_info(folder)
        self._sentences = _sentences(self.info)
        self.places: tuple[EpisodePlace, ...] = tuple(
            _places_v3(self.info) if self.info.is_v3 else _places_v2(self.info)
        )
        if not self.places:
            raise DatasetError(f"{folder} has no episodes.")

    def columns(self, place: EpisodePlace, names: Sequence[str]) -> dict[str, FloatArray]:
        """Return features of an episode that are numbers, each of shape (length, size).

        Raises:
            DatasetError: if one is missing, of another shape or not finite.
        """
        table = self._table(place, names)
        return {name: self._numbers(place, table, name) for name in names}

    def told(self, place: EpisodePlace) -> list[str]:
        """Return what was to be done at each frame of an episode, in words.

        Raises:
            DatasetError: if the dataset does not tell.
        """
        numbers = self._table(place, [_TASK])[_TASK].to_pylist()
        try:
            return [self._sentences[number] for number in numbers]
        except (KeyError, TypeError) as error:
            raise self._error(place, f"its task {error} is not among the tasks") from error

    def stored_images(self, place: EpisodePlace, name: str) -> Iterator[bytes]:
        """Yield the encoded images of a feature that are in the Parquet file itself.

        Raises:
            DatasetError: if they are not.
        """
        for value in self._table(place, [name])[name]:
            entry = value.as_py()
            image = entry.get("bytes") if isinstance(entry, dict) else None
            if not isinstance(image, bytes):
                raise self._error(place, f"{name!r} holds no images")
            yield image

    def _table(self, place: EpisodePlace, names: Sequence[str]) -> pa.Table:
        try:
            table = pq.read_table(
                place.data,
                columns=list(dict.fromkeys([*names, _EPISODE])),
                filters=[(_EPISODE, "=", place.number)],
            )
        except (pa.ArrowException, OSError) as error:
            raise self._error(place, f"{place.data} cannot be read: {error}") from error
        if table.num_rows != place.length:
            raise self._error(place, f"it has {table.num_rows} rows, not {place.length}")
        missing = set(names) - set(table.column_names)
        if missing:
            raise self._error(place, f"{place.data} has no column {sorted(missing)[0]!r}")
        return table

    def _numbers(self, place: EpisodePlace, table: pa.Table, name: str) -> FloatArray:
        size = self.info.features[name].size
        try:
            values = np.array(table[name].to_pylist(), dtype=np.float64)
            rows = values.reshape(place.length, -1)
        except (ValueError, TypeError) as error:
            raise self._error(place, f"{name!r} holds no rows of numbers: {error}") from error
        if rows.shape[1] != size:
            raise self._error(place, f"{name!r} has {rows.shape[1]} entries, not {size}")
        bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
        if len(bad):
            raise self._error(place, f"{name!r} is not finite at frame {bad[0]}")
        return rows

    def _error(self, place: EpisodePlace, what: str) -> DatasetError:
        return DatasetError(f"{self.info.folder}: episode {place.number} cannot be read: {what}.")


def _sentences(info: LeRobotInfo) -> dict[int, str]:
    if not info.is_v3:
        rows = _json_lines(info.folder / "meta" / "tasks.jsonl")
        return {_whole(info, row, _TASK): str(row.get("task", "")) for row in rows}
    table = _read_parquet(info.folder / "meta" / "tasks.parquet")
    # The sentences are the index of a pandas table, which may have no name.
    words = next((name for name in ("task", "__index_level_0__") if name in table.column_names), "")
    if not words or _TASK not in table.column_names:
        raise DatasetError(f"{info.folder}: meta/tasks.parquet holds no tasks.")
    numbers, texts = table[_TASK].to_pylist(), table[words].to_pylist()
    return {int(number): str(text) for number, text in zip(numbers, texts, strict=True)}


def _places_v2(info: LeRobotInfo) -> Iterator[EpisodePlace]:
    images = _features_of_kind(info, "video")
    for row in _json_lines(info.folder / "meta" / "episodes.jsonl"):
        number = _whole(info, row, _EPISODE)
        values = {"episode_chunk": number // info.chunks_size, _EPISODE: number}
        clips = {
            name: Clip(info.file(info.video_path, video_key=name, **values), 0.0) for name in images
        }
        length = _whole(info, row, "length")
        yield EpisodePlace(number, length, info.file(info.data_path, **values), clips)


def _places_v3(info: LeRobotInfo) -> Iterator[EpisodePlace]:
    images = _features_of_kind(info, "video")
    for path in sorted((info.folder / "meta" / "episodes").glob("chunk-*/file-*.parquet")):
        wanted = [_EPISODE, "length", "data/chunk_index", "data/file_index"]
        parts = ("chunk_index", "file_index", "from_timestamp")
        wanted += [f"videos/{name}/{part}" for name in images for part in parts]
        for row in _read_parquet(path, wanted).to_pylist():
            data = {part: _whole(info, row, f"data/{part}") for part in parts[:2]}
            clips: dict[str, Clip] = {}
            for name in images:
                places = {part: _whole(info, row, f"videos/{name}/{part}") for part in parts[:2]}
                start = float(row[f"videos/{name}/from_timestamp"])
                clips[name] = Clip(info.file(info.video_path, video_key=name, **places), start)
            yield EpisodePlace(
                _whole(info, row, _EPISODE),
                _whole(info, row, "length"),
                info.file(info.data_path, **data),
                clips,
            )


def _features_of_kind(info: LeRobotInfo, kind: str) -> tuple[str, ...]:
    assert kind in IMAGE_KINDS
    return tuple(name for name, feature in info.features.items() if feature.kind == kind)


def _whole(info: LeRobotInfo, row: Mapping[str, object], name: str) -> int:
    value = row.get(name)
    if not isinstance(value, int | np.integer) or value < 0:
        raise DatasetError(f"{info.folder}: an episode's or task's {name!r} is {value!r}.")
    return int(value)


def _json_lines(path: Path) -> Iterator[dict[str, object]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise TypeError("a line is no object")
                    yield row
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise DatasetError(f"{path} cannot be read: {error}.") from error


def _read_parquet(path: Path, columns: list[str] | None = None) -> pa.Table:
    try:
        table = pq.ParquetFile(path).read(columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise DatasetError(f"{path} cannot be read: {error}.") from error
    missing = set(columns or ()) - set(table.column_names)
    if missing:
        raise DatasetError(f"{path} has no column {sorted(missing)[0]!r}.")
    return table
