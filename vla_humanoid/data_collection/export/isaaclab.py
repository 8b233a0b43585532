"""Isaac Lab: a dataset file is one already, as ``HDF5DatasetFileHandler`` reads it."""

from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.export.conformity import (
    all_row_problems,
    copy_if_sound,
    header_problems,
    row_problems,
)
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.source import Source

_ROBOT = "articulation/robot"
_POSE, _VELOCITY = "root_pose", "root_velocity"
_UNIT_TOLERANCE = 1e-3


def write(source: Source, target: Path, options: ExportOptions) -> None:
    """Check that Isaac Lab reads the dataset file, and copy it.

    Raises:
        ConfigurationError: if there are several files.
        DatasetError: naming what Isaac Lab would stumble over.
    """
    copy_if_sound(source, target, "Isaac Lab", _problems)


def _problems(dataset: DatasetFile) -> Iterator[str]:
    yield from _version_problems(dataset.path)
    yield from header_problems(dataset)
    for demo in dataset.demos():
        try:
            yield from _demo_problems(demo)
        except DatasetError as error:
            yield str(error).rstrip(".")


def _version_problems(path: Path) -> Iterator[str]:
    with h5py.File(path, "r") as file:
        version = file.attrs.get("format_version")
    if version != layout.FORMAT_VERSION:
        yield (
            f"its attribute 'format_version' is {version}, not {layout.FORMAT_VERSION}, so that "
            "quaternions would be taken for wxyz"
        )


def _demo_problems(demo: Demo) -> Iterator[str]:
    demo.integer("success")
    if demo.has_attribute("seed"):
        demo.integer("seed")
    yield from row_problems(demo, layout.ACTIONS, demo.steps, None)
    for path in demo.dataset_paths(layout.OBS):
        yield from row_problems(demo, f"{layout.OBS}/{path}", demo.steps, None)
    for group, rows in ((layout.INITIAL_STATE, 1), (layout.STATES, demo.steps)):
        yield from _state_problems(demo, group, rows)


def _state_problems(demo: Demo, group: str, rows: int) -> Iterator[str]:
    paths = demo.dataset_paths(group)
    if not paths:
        yield f"/data/{demo.name} has no {group!r}: it holds no states to go back to"
        return
    bodies = {path.rpartition("/")[0] for path in paths} | {_ROBOT}
    for body in sorted(bodies):
        place = f"{group}/{body}"
        poses = list(row_problems(demo, f"{place}/{_POSE}", rows, (7,)))
        yield from poses
        yield from row_problems(demo, f"{place}/{_VELOCITY}", rows, (6,))
        if body.startswith("articulation/"):
            joints = (f"{place}/joint_position", f"{place}/joint_velocity")
            yield from all_row_problems(demo, joints, rows, None)
        if not poses:
            norms = np.linalg.norm(demo.array(f"{place}/{_POSE}")[:, 3:].astype(float), axis=1)
            if not np.abs(norms - 1.0).max() < _UNIT_TOLERANCE:
                yield f"/data/{demo.name}/{place}/{_POSE} holds quaternions that are no rotations"
