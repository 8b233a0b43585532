"""The images of a LeRobot episode: out of a video, by their times, or out of its Parquet file."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray
from PIL import Image

from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.importing.lerobot import Clip, EpisodePlace, LeRobotDataset

_TOLERANCE = 0.4
"""Of the time between frames: a frame further from where it should be is another one."""


def images(dataset: LeRobotDataset, place: EpisodePlace, name: str) -> Iterator[NDArray[np.uint8]]:
    """Yield the images of a feature, one for each frame, shape (height, width, 3).

    Raises:
        DatasetError: if one is missing or cannot be decoded.
    """
    if name in place.clips:
        yield from _decoded(place.clips[name], place.length, dataset.info.fps)
        return
    for step, content in enumerate(dataset.stored_images(place, name)):
        try:
            yield np.asarray(Image.open(BytesIO(content)).convert("RGB"))
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise DatasetError(
                f"{place.data}: {name!r} at frame {step} of episode {place.number} is no image: "
                f"{error}."
            ) from error


def _decoded(clip: Clip, length: int, fps: float) -> Iterator[NDArray[np.uint8]]:
    step = 0
    try:
        for time, frame in _frames_from(clip):
            # Frames before the clip belong to the episode before, or only lead up to it.
            offset = (time - clip.start) * fps - step
            if offset > _TOLERANCE:
                break
            if offset >= -_TOLERANCE:
                yield frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
                step += 1
            if step == length:
                return
    except FFmpegError as error:
        raise _error(clip.path, f"at frame {step}: {error}") from error
    raise _error(clip.path, f"it has no frame at {clip.start + step / fps:.3f} s")


def _frames_from(clip: Clip) -> Iterator[tuple[float, av.VideoFrame]]:
    with av.open(str(clip.path)) as container:
        if not container.streams.video:
            raise _error(clip.path, "it holds no video")
        stream = container.streams.video[0]
        if stream.time_base is None:
            raise _error(clip.path, "it tells no times")
        first = stream.start_time or 0
        if clip.start > 0:
            container.seek(first + int(clip.start / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            if frame.pts is not None:
                yield float((frame.pts - first) * stream.time_base), frame


def _error(path: Path, what: str) -> DatasetError:
    return DatasetError(f"{path} cannot be read: {what}.")
