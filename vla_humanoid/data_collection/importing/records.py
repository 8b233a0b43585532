"""Puts an imported episode together as a dataset file holds it."""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from zlib import compress

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.importing.conversion import Converter
from vla_humanoid.data_collection.importing.lerobot import EpisodePlace, LeRobotDataset
from vla_humanoid.data_collection.importing.lerobot_images import images
from vla_humanoid.data_collection.importing.mapping import EmbodimentMapping
from vla_humanoid.data_collection.importing.sampling import Sampler, fitted
from vla_humanoid.data_collection.recorder import COMPRESSION_LEVEL, CompressedFrames, EpisodeRecord
from vla_humanoid.schema import ActionSpec


def episode_record(
    dataset: LeRobotDataset, place: EpisodePlace, converter: Converter, sampler: Sampler
) -> EpisodeRecord:
    """Return an episode of a source as it is stored.

    Raises:
        ConfigurationError: if its numbers are not what the mapping says.
        DatasetError: if something of it cannot be read.
    """
    mapping = converter.mapping
    frames = sampler.frames(place.length)
    steps = len(frames)
    columns = dataset.columns(place, converter.columns)
    rows = {name: values[frames] for name, values in columns.items()}
    found = converter.convert(rows, steps)
    spec = ActionSpec(mapping.control_mode, mapping.action.fields)
    state_low = [field.low for field in mapping.state.fields]
    state_high = [field.high for field in mapping.state.fields]
    success = _success(dataset, place, mapping)
    last = np.arange(steps) == steps - 1
    said, sentence = _said(_told(dataset, place, mapping), frames)
    arrays: dict[str, NDArray[np.generic]] = {
        layout.ACTIONS: spec.to_normalized(found.action).astype(np.float32),
        f"{layout.OBS}/state": np.clip(found.state, state_low, state_high).astype(np.float32),
        layout.REWARDS: (last & success).astype(np.float32),
        layout.DONES: last.astype(np.int64),
        layout.SENTENCE: sentence,
        # Nobody has said how far things had got: there are no sub-goals.
        layout.SUBGOAL: np.zeros(steps, np.int64),
        layout.PROGRESS: np.zeros(steps, np.float32),
    }
    attributes: dict[str, str | int | bool] = {
        "task": mapping.task,
        "attempt": place.number,
        layout.IMPORTED: f"LeRobot {dataset.info.version}, {dataset.info.robot}: {place.number}",
        "num_samples": steps,
        "success": success,
        "failure": "" if success else "as the source tells",
        "instruction": said[-1][1],
        "paraphrases": "[]",
        "subgoals": "[]",
        "said": json.dumps(said),
        "randomization": "{}",
    }
    videos = {
        layout.image_path(camera): _video(dataset, place, name, frames, mapping)
        for camera, name in mapping.cameras.items()
    }
    return EpisodeRecord(attributes, arrays, videos)


def _success(dataset: LeRobotDataset, place: EpisodePlace, mapping: EmbodimentMapping) -> bool:
    if isinstance(mapping.success, bool):
        return mapping.success
    return bool(dataset.columns(place, [mapping.success])[mapping.success][-1, 0])


def _told(dataset: LeRobotDataset, place: EpisodePlace, mapping: EmbodimentMapping) -> list[str]:
    told = [mapping.instruction] * place.length if mapping.instruction else dataset.told(place)
    for sentence in set(told):
        if not sentence.strip() or any(ord(character) < ord(" ") for character in sentence):
            raise DatasetError(
                f"{place.data}: episode {place.number} has the task {sentence!r}, which is no "
                "sentence; give 'instruction' in the mapping."
            )
    return told


def _said(
    told: list[str], frames: NDArray[np.int64]
) -> tuple[list[tuple[int, str]], NDArray[np.int64]]:
    """Return from which step on which sentence holds, and the index of each step's."""
    said: list[tuple[int, str]] = []
    index: list[int] = []
    for sentence, steps in groupby(told[frame] for frame in frames):
        said.append((len(index), sentence))
        index += [len(said) - 1 for _ in steps]
    return said, np.array(index, np.int64)


def _video(
    dataset: LeRobotDataset,
    place: EpisodePlace,
    name: str,
    frames: NDArray[np.int64],
    mapping: EmbodimentMapping,
) -> CompressedFrames:
    """Return a camera's images; each is compressed as it comes."""
    wanted = set(frames.tolist())
    shape: tuple[int, ...] = ()
    compressed: list[bytes] = []
    digest = sha256()
    for frame, image in _chosen(images(dataset, place, name), wanted):
        pixels = fitted(image, mapping.image_size, mapping.fit)
        if shape and pixels.shape != shape:
            raise DatasetError(
                f"{dataset.info.folder}: the images {name!r} of episode {place.number} change from "
                f"{shape} to {pixels.shape} at frame {frame}."
            )
        shape = pixels.shape
        content = pixels.tobytes()
        digest.update(content)
        compressed.append(compress(content, COMPRESSION_LEVEL))
    return CompressedFrames(shape, tuple(compressed), digest.hexdigest())


def _chosen(
    pictures: Iterator[NDArray[np.uint8]], wanted: set[int]
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    return ((frame, image) for frame, image in enumerate(pictures) if frame in wanted)
