"""Small LeRobot v2.1 datasets, written here as other robots' recordings are."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

FPS = 10
FRONT = "observation.images.front"

Vectors = Mapping[str, NDArray[np.float64]]


def png(pixels: NDArray[np.uint8]) -> bytes:
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def write_folder(
    folder: Path,
    episodes: Sequence[Vectors],
    names: Mapping[str, Sequence[str]],
    *,
    frames: Sequence[Sequence[NDArray[np.uint8]]] = (),
    tasks: Sequence[str] = ("do it",),
    told: Sequence[Sequence[int]] = (),
) -> Path:
    """Write episodes: vectors by feature, images as PNG in the Parquet files."""
    features: dict[str, object] = {
        key: {"dtype": "float32", "shape": [values.shape[1]], "names": list(names.get(key, ()))}
        for key, values in episodes[0].items()
    }
    if frames:
        features[FRONT] = {"dtype": "image", "shape": list(frames[0][0].shape), "names": None}
    (folder / "meta").mkdir(parents=True)
    (folder / "data" / "chunk-000").mkdir(parents=True)
    lines: list[str] = []
    for number, vectors in enumerate(episodes):
        length = len(next(iter(vectors.values())))
        columns: dict[str, object] = {
            key: pa.array(values.astype(np.float32).tolist(), pa.list_(pa.float32()))
            for key, values in vectors.items()
        }
        columns["episode_index"] = [number] * length
        columns["task_index"] = list(told[number]) if told else [0] * length
        if frames:
            columns[FRONT] = [{"bytes": png(image), "path": ""} for image in frames[number]]
        path = folder / "data" / "chunk-000" / f"episode_{number:06d}.parquet"
        pq.write_table(pa.table(columns), path)
        lines.append(json.dumps({"episode_index": number, "tasks": [], "length": length}))
    (folder / "meta" / "episodes.jsonl").write_text("\n".join(lines) + "\n")
    rows = [json.dumps({"task_index": k, "task": text}) for k, text in enumerate(tasks)]
    (folder / "meta" / "tasks.jsonl").write_text("\n".join(rows) + "\n")
    info = {
        "codebase_version": "v2.1",
        "robot_type": "tabletop_arm",
        "fps": FPS,
        "total_episodes": len(episodes),
        "chunks_size": 1000,
        "features": features,
        "splits": {"train": f"0:{len(episodes)}"},
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",
        "video_path": None,
    }
    (folder / "meta" / "info.json").write_text(json.dumps(info))
    return folder


def mapping_text(
    action: str,
    state: str = '"*" = "missing"',
    *,
    mode: str = "right_arm",
    success: str = "true",
    top: str = "",
    cameras: str = "",
) -> str:
    """A mapping as TOML."""
    return f"""
control_mode = "{mode}"
success = {success}
{top}
[cameras]
{cameras}
[action.entries]
{action}
[state.entries]
{state}
"""
