"""LeRobot v3.0: many episodes to a Parquet file and to a video, for lerobot 0.4 and later."""

import json
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vla_humanoid.data_collection.export.exact_quantiles import streamed_statistics
from vla_humanoid.data_collection.export.feature_statistics import Statistics
from vla_humanoid.data_collection.export.lerobot_frames import FrameCounter, ImageCounter, Tasks
from vla_humanoid.data_collection.export.lerobot_layout import (
    ACTION,
    FRAME_FEATURES,
    IMAGES,
    INFO,
    ROBOT,
    STATE,
    Feature,
    camera_feature,
    column_statistics,
    columns_table,
    frames_per_second,
    statistics_json,
    vector,
    write_description,
    write_json,
)
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.rolling_files import (
    CHUNK,
    Clip,
    ParquetSeries,
    VideoSeries,
)
from vla_humanoid.data_collection.export.source import SPLITS, Episode, Source
from vla_humanoid.data_collection.file_description import FileDescription

_DATA_MB, _VIDEO_MB = 100, 200
"""LeRobot's own."""
_EPISODES_A_GROUP = 100
"""Of which the metadata is held until it is written."""

_PATH = "chunk-{chunk_index:03d}/file-{file_index:03d}"
_PANDAS = {
    "index_columns": ["task"],
    "column_indexes": [],
    "columns": [
        {"name": name, "field_name": name, "pandas_type": kind, "numpy_type": kind}
        for name, kind in (("task_index", "int64"), ("task", "object"))
    ],
}
"""What makes the sentences the index of the table of tasks."""

_Row = dict[str, object]


def write(source: Source, target: Path, options: ExportOptions) -> None:
    """Write the episodes of a source as a dataset of LeRobot v3.0.

    Args:
        source: what to write.
        target: folder to make.
        options: with ``file_mb``, Parquet files and videos are about that large at most.

    Raises:
        DatasetError: if an episode cannot be read.
        OSError: if the target cannot be written.
    """
    rate = frames_per_second(source.description)
    with ExitStack() as stack:
        writer = _Writer(source.description, target, options, rate, stack)
        for episode in source.episodes():
            writer.add(episode)
        writer.finish()
    write_json(target / "meta/stats.json", _statistics(source, writer))
    _write_tasks(target / "meta/tasks.parquet", writer.tasks.sentences)
    write_description(target, source)
    write_json(target / INFO, _info(source, options, rate, len(writer.tasks.sentences)))


def features(description: FileDescription, rate: int) -> dict[str, Feature]:
    """Return what a frame consists of, by name."""
    images = {
        IMAGES + name: camera_feature(shape, rate) for name, shape in description.images.items()
    }
    return {
        STATE: vector([field.name for field in description.state]),
        ACTION: vector([field.name for field in description.action]),
        **images,
        **FRAME_FEATURES,
    }


class _Writer:
    """Writes one episode after the other."""

    def __init__(
        self,
        description: FileDescription,
        target: Path,
        options: ExportOptions,
        rate: int,
        stack: ExitStack,
    ) -> None:
        data_limit = (options.file_mb or _DATA_MB) * 2**20
        video_limit = (options.file_mb or _VIDEO_MB) * 2**20
        self._features = features(description, rate)
        self._data = stack.enter_context(ParquetSeries(target / "data", data_limit))
        self._episodes = stack.enter_context(ParquetSeries(target / "meta/episodes", data_limit))
        self._videos = {
            camera: stack.enter_context(
                VideoSeries(target / "videos" / (IMAGES + camera), video_limit, rate, shape)
            )
            for camera, shape in description.images.items()
        }
        self._rows: list[_Row] = []
        self.tasks = Tasks()
        self.frames = FrameCounter(rate, self.tasks)
        self.images = ImageCounter(description.cameras)

    def add(self, episode: Episode) -> None:
        """Write an episode."""
        columns = {STATE: episode.states(), ACTION: episode.actions()}
        columns |= self.frames.columns(episode)
        table = columns_table(columns, self._features)
        place = self._data.place(table.nbytes)
        self._data.add(table)
        clips = self._write_videos(episode)
        found = column_statistics(columns)
        found |= {
            IMAGES + camera: statistics
            for camera, statistics in self.images.end_episode(episode.steps).items()
        }
        row: _Row = {
            "episode_index": len(self.frames.lengths) - 1,
            "tasks": _sentences(episode),
            "length": episode.steps,
            "dataset_from_index": self.frames.frames - episode.steps,
            "dataset_to_index": self.frames.frames,
            "data/chunk_index": place.chunk,
            "data/file_index": place.file,
            **_clip_columns(clips),
            **_origin(episode),
            **_statistics_columns(found),
        }
        self._rows.append(row)
        if len(self._rows) == _EPISODES_A_GROUP:
            self._write_rows()

    def finish(self) -> None:
        """Write what is still held."""
        if self._rows:
            self._write_rows()

    def _write_videos(self, episode: Episode) -> dict[str, Clip]:
        clips: dict[str, Clip] = {}
        for camera, series in self._videos.items():
            clips[camera] = series.begin(episode.steps)
            for image in episode.frames(camera):
                series.add(image)
                self.images.add(camera, image)
        return clips

    def _write_rows(self) -> None:
        table = pa.Table.from_pylist(self._rows)
        # Without any, they would be lists of nothing in this group of rows and of texts in others.
        column = table.schema.get_field_index("paraphrases")
        texts = pa.field("paraphrases", pa.list_(pa.string()))
        table = table.cast(table.schema.set(column, texts))
        place = self._episodes.place(table.nbytes)
        for name, value in (("chunk", place.chunk), ("file", place.file)):
            column = pa.array([value] * len(self._rows), pa.int64())
            table = table.append_column(f"meta/episodes/{name}_index", column)
        self._episodes.add(table)
        self._rows = []


def _sentences(episode: Episode) -> list[str]:
    """Return what the policy was told in an episode, each sentence once."""
    said, sentence = episode.sentences()
    return [said[number] for number in sorted(set(sentence.tolist()))]


def _clip_columns(clips: dict[str, Clip]) -> _Row:
    row: _Row = {}
    for camera, clip in clips.items():
        row |= {
            f"videos/{IMAGES}{camera}/chunk_index": clip.place.chunk,
            f"videos/{IMAGES}{camera}/file_index": clip.place.file,
            f"videos/{IMAGES}{camera}/from_timestamp": clip.start,
            f"videos/{IMAGES}{camera}/to_timestamp": clip.stop,
        }
    return row


def _origin(episode: Episode) -> _Row:
    """Return what LeRobot has no place for; its loader passes over further columns."""
    return {
        "success": episode.success,
        "paraphrases": list(episode.paraphrases),
        "source_file": episode.key.path.name,
        "source_demo": episode.key.demo,
        "seed": episode.seed,
    }


def _statistics_columns(found: dict[str, Statistics]) -> _Row:
    return {
        f"stats/{feature}/{name}": values
        for feature, statistics in found.items()
        for name, values in statistics_json(statistics, feature.startswith(IMAGES)).items()
    }


def _statistics(source: Source, writer: _Writer) -> dict[str, object]:
    """Return the statistics of all episodes; state, action and reward are read again for them."""
    state, action = len(source.description.state), len(source.description.action)
    streamed = streamed_statistics(
        lambda: (
            np.column_stack([episode.states(), episode.actions(), episode.rewards()])
            for episode in source.reread()
        )
    )
    found = {
        STATE: streamed.part(0, state),
        ACTION: streamed.part(state, state + action),
        "next.reward": streamed.part(state + action, state + action + 1),
        **writer.frames.statistics(),
    }
    for camera, statistics in writer.images.statistics(writer.frames.frames).items():
        found[IMAGES + camera] = statistics
    return {
        name: statistics_json(statistics, name.startswith(IMAGES))
        for name, statistics in found.items()
    }


def _write_tasks(path: Path, sentences: tuple[str, ...]) -> None:
    """Write a table whose index, to pandas, is the sentence."""
    table = pa.table({"task_index": pa.array(range(len(sentences)), pa.int64()), "task": sentences})
    pq.write_table(table.replace_schema_metadata({"pandas": json.dumps(_PANDAS)}), path)


def _info(source: Source, options: ExportOptions, rate: int, tasks: int) -> dict[str, object]:
    splits = {name: source.split(name) for name in SPLITS}
    return {
        "codebase_version": "v3.0",
        "robot_type": ROBOT,
        "total_episodes": len(source.keys),
        "total_frames": source.steps,
        "total_tasks": tasks,
        "chunks_size": CHUNK,
        "data_files_size_in_mb": options.file_mb or _DATA_MB,
        "video_files_size_in_mb": options.file_mb or _VIDEO_MB,
        "fps": rate,
        "splits": {name: f"{part.start}:{part.stop}" for name, part in splits.items() if part},
        "data_path": f"data/{_PATH}.parquet",
        "video_path": f"videos/{{video_key}}/{_PATH}.mp4" if source.description.cameras else None,
        "features": features(source.description, rate),
    }
