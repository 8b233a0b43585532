"""Reads exports as LeRobot and GR00T do, with pyarrow and PyAV alone."""

import json
from pathlib import Path

import av
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

Columns = dict[str, list[object]]


def columns(folder: Path, pattern: str) -> Columns:
    """All rows of the Parquet files that match a pattern, in their order."""
    found: Columns = {}
    for path in sorted(folder.glob(pattern)):
        for name, values in pq.read_table(path).to_pydict().items():
            found.setdefault(name, []).extend(values)
    return found


def numbers(values: list[object]) -> NDArray[np.float64]:
    return np.array(values, np.float64)


def json_object(path: Path) -> dict[str, object]:
    return json.loads(path.read_text())


def json_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def frame_at(path: Path, seconds: float) -> NDArray[np.uint8]:
    """The frame of a video at a time, found by seeking."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        base = stream.time_base
        assert base is not None
        container.seek(round(seconds / base), stream=stream)
        for frame in container.decode(stream):
            assert frame.pts is not None
            if abs(float(frame.pts * base) - seconds) < 1e-4:
                return frame.to_ndarray(format="rgb24").astype(np.uint8)
    raise AssertionError(f"{path} has no frame at {seconds} s")
