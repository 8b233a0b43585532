"""GR00T: LeRobot v2.1, a file for each episode, and ``meta/modality.json``."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from vla_humanoid.data_collection.export import gr00t_groups
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
    Columns,
    Feature,
    camera_feature,
    column_statistics,
    columns_table,
    frames_per_second,
    scalar,
    statistics_json,
    vector,
    write_description,
    write_json,
)
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.source import SPLITS, Episode, Source
from vla_humanoid.data_collection.export.video import VideoWriter
from vla_humanoid.data_collection.file_description import FileDescription

EEF_STATE = "observation.eef_state"
ANY_DESCRIPTION = "annotation.human.any_description"
"""Number of a sentence that says what is to be done: the one that was told, or a paraphrase."""
CHUNK = 1000
"""Episodes in a folder."""
_DATA_PATH = "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"
_VIDEO_PATH = "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"
_STATISTICS = ("mean", "std", "min", "max", "q01", "q99")
"""GR00T wants these of every number and no others."""
_EPISODE_STATISTICS = ("mean", "std", "min", "max", "count")


def write(source: Source, target: Path, options: ExportOptions) -> None:
    """Write the episodes of a source as a dataset of GR00T.

    Args:
        source: what to write.
        target: folder to make.
        options: nothing in them concerns this format but ``failures``.

    Raises:
        DatasetError: if an episode cannot be read.
        OSError: if the target cannot be written.
    """
    rate = frames_per_second(source.description)
    (target / "meta").mkdir(parents=True)
    with ExitStack() as stack:
        writer = _Writer(source.description, target, rate, stack)
        for episode in source.episodes():
            writer.add(episode)
    _write_lines(
        target / "meta/tasks.jsonl",
        (
            {"task_index": number, "task": sentence}
            for number, sentence in enumerate(writer.tasks.sentences)
        ),
    )
    write_json(target / "meta/stats.json", _statistics(source, writer))
    write_json(target / "meta/modality.json", modality(source.description))
    write_description(target, source)
    write_json(target / INFO, _info(source, rate, len(writer.tasks.sentences)))


def view(camera: str) -> str:
    """Return what GR00T calls a camera: the head's is ``ego_view``."""
    return "ego_view" if camera == "head" else f"{camera}_view"


def modality(description: FileDescription) -> dict[str, object]:
    """Return the content of ``modality.json``: which numbers are which part of the robot."""
    state, wrists = gr00t_groups.state_groups(description.state)
    return {
        "state": state | gr00t_groups.slices(wrists, EEF_STATE),
        "action": gr00t_groups.slices(gr00t_groups.action_groups(description.action)),
        "video": {
            view(camera): {"original_key": IMAGES + view(camera)} for camera in description.cameras
        },
        "annotation": {
            "human.task_description": {"original_key": "task_index"},
            "human.any_description": {"original_key": ANY_DESCRIPTION},
        },
    }


class _Vectors:
    """The vectors of a frame: the state as it is, the poses of the wrists, the physical action."""

    def __init__(self, description: FileDescription) -> None:
        self._fields = description.action
        self._actions = gr00t_groups.action_groups(description.action)
        _, self._wrists = gr00t_groups.state_groups(description.state)
        entries = {
            STATE: [field.name for field in description.state],
            EEF_STATE: [name for group in self._wrists for name in group.entries],
            ACTION: [name for group in self._actions for name in group.entries],
        }
        self.features = {name: vector(named) for name, named in entries.items() if named}

    def columns(self, episode: Episode) -> dict[str, NDArray[np.float32]]:
        """Return those of an episode, each shape (T, D)."""
        state = episode.states()
        columns = {STATE: state}
        if self._wrists:
            columns[EEF_STATE] = _together(self._wrists, state.astype(np.float64))
        actions = gr00t_groups.physical(episode.actions(), self._fields)
        columns[ACTION] = _together(self._actions, actions)
        return columns

    def parts(self, statistics: Statistics) -> dict[str, Statistics]:
        """Take the statistics of all columns side by side apart."""
        found: dict[str, Statistics] = {}
        start = 0
        for name, feature in self.features.items():
            stop = start + _width(feature)
            found[name] = statistics.part(start, stop)
            start = stop
        return found


class _Writer:
    """Writes one episode after the other."""

    def __init__(
        self, description: FileDescription, target: Path, rate: int, stack: ExitStack
    ) -> None:
        self._description = description
        self._target = target
        self._rate = rate
        self.vectors = _Vectors(description)
        self._features = features(description, rate)
        self.tasks = Tasks()
        self.frames = FrameCounter(rate, self.tasks)
        self.images = ImageCounter(description.cameras)
        meta = target / "meta"
        self._lines = stack.enter_context((meta / "episodes.jsonl").open("w", encoding="utf-8"))
        self._stats = stack.enter_context((meta / "episodes_stats.jsonl").open("w"))

    def add(self, episode: Episode) -> None:
        """Write an episode."""
        number = len(self.frames.lengths)
        columns: Columns = {**self.vectors.columns(episode)}
        columns |= self.frames.columns(episode)
        columns[ANY_DESCRIPTION] = self._descriptions(episode, columns["task_index"])
        path = self._target / _path(_DATA_PATH, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(columns_table(columns, self._features), path)
        for camera, shape in self._description.images.items():
            self._write_video(episode, number, camera, shape)
        found = column_statistics(columns)
        for camera, statistics in self.images.end_episode(episode.steps).items():
            found[IMAGES + view(camera)] = statistics
        _write_line(self._stats, {"episode_index": number, "stats": _episode_statistics(found)})
        sentences = self.tasks.sentences
        told = [sentences[task] for task in np.unique(columns["task_index"]).tolist()]
        line = {
            "episode_index": number,
            "tasks": told,
            "length": episode.steps,
            "success": episode.success,
            "paraphrases": list(episode.paraphrases),
            "source_file": episode.key.path.name,
            "source_demo": episode.key.demo,
            "seed": episode.seed,
        }
        _write_line(self._lines, line)

    def _descriptions(self, episode: Episode, told: NDArray[np.generic]) -> NDArray[np.int64]:
        """Return a sentence for each frame: what was told and its paraphrases take turns."""
        numbers = told.astype(np.int64)
        instruction = self.tasks.number(episode.instruction)
        others = [self.tasks.number(sentence) for sentence in episode.paraphrases]
        turns = np.resize(np.array([instruction, *others], np.int64), len(numbers))
        # After a correction, the paraphrases of what was said before are wrong.
        return np.where(numbers == instruction, turns, numbers)

    def _write_video(
        self, episode: Episode, number: int, camera: str, shape: tuple[int, int]
    ) -> None:
        path = self._target / _path(_VIDEO_PATH, number, IMAGES + view(camera))
        path.parent.mkdir(parents=True, exist_ok=True)
        video = VideoWriter(path, self._rate, *shape)
        for image in episode.frames(camera):
            video.add(image, key=video.frames == 0)
            self.images.add(camera, image)
        video.close()


def features(description: FileDescription, rate: int) -> dict[str, Feature]:
    """Return what a frame consists of, by name."""
    images = {
        IMAGES + view(camera): camera_feature(shape, rate)
        for camera, shape in description.images.items()
    }
    vectors = _Vectors(description).features
    return {**vectors, **images, **FRAME_FEATURES, ANY_DESCRIPTION: scalar("int64")}


def _together(
    groups: tuple[gr00t_groups.Group, ...], rows: gr00t_groups.Rows
) -> NDArray[np.float32]:
    return np.column_stack([group.values(rows) for group in groups]).astype(np.float32)


def _width(feature: Feature) -> int:
    shape = feature["shape"]
    return int(shape[0]) if isinstance(shape, list) else 0


def _path(pattern: str, number: int, key: str = "") -> str:
    return pattern.format(episode_chunk=number // CHUNK, episode_index=number, video_key=key)


def _statistics(source: Source, writer: _Writer) -> dict[str, object]:
    """Return the statistics of all episodes; the vectors are read again for them."""

    def passes() -> Iterator[NDArray[np.float32]]:
        for episode in source.reread():
            vectors = writer.vectors.columns(episode)
            yield np.column_stack([*vectors.values(), episode.rewards()])

    streamed = streamed_statistics(passes)
    found = {
        **writer.vectors.parts(streamed),
        "next.reward": streamed.part(len(streamed.mean) - 1, len(streamed.mean)),
        **writer.frames.statistics(),
    }
    return {
        name: {key: statistics_json(statistics, image=False)[key] for key in _STATISTICS}
        for name, statistics in found.items()
    }


def _episode_statistics(found: dict[str, Statistics]) -> dict[str, object]:
    plain = {name: statistics_json(it, name.startswith(IMAGES)) for name, it in found.items()}
    return {name: {key: it[key] for key in _EPISODE_STATISTICS} for name, it in plain.items()}


def _write_lines(path: Path, contents: Iterator[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for content in contents:
            _write_line(file, content)


def _write_line(file: TextIO, content: dict[str, object]) -> None:
    file.write(json.dumps(content, ensure_ascii=False) + "\n")


def _info(source: Source, rate: int, tasks: int) -> dict[str, object]:
    episodes, cameras = len(source.keys), len(source.description.cameras)
    splits = {name: source.split(name) for name in SPLITS}
    return {
        "codebase_version": "v2.1",
        "robot_type": ROBOT,
        "total_episodes": episodes,
        "total_frames": source.steps,
        "total_tasks": tasks,
        "total_videos": episodes * cameras,
        "total_chunks": (episodes - 1) // CHUNK + 1,
        "chunks_size": CHUNK,
        "fps": rate,
        "splits": {name: f"{part.start}:{part.stop}" for name, part in splits.items() if part},
        "data_path": _DATA_PATH,
        "video_path": _VIDEO_PATH if cameras else None,
        "features": features(source.description, rate),
    }
