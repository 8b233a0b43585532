"""Checks that an episode holds what it should, in the right shapes and ranges."""

from collections.abc import Iterator

import numpy as np

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.quality.check import EpisodeCheck, Examined
from vla_humanoid.data_collection.quality.finding import Finding
from vla_humanoid.schema import SIDES

_TOLERANCE = 1e-6
"""Of actions, beyond [-1, 1]."""
_UNIT_TOLERANCE = 1e-3
"""Of the length of a quaternion."""
_INDICES = (layout.SUBGOAL, layout.SENTENCE)
_STEPWISE = (layout.REWARDS, layout.DONES, layout.PROGRESS, *_INDICES)
_BALANCE = tuple(f"{layout.BALANCE}/{key}" for key in layout.BALANCE_KEYS)


class SchemaCheck(EpisodeCheck):
    """Names, shapes, types, and values that can be told wrong without any simulation."""

    name = "schema"
    needs_states = False

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Look at an episode; shapes that do not fit are errors of reading."""
        demo, dataset = episode.demo, episode.dataset
        yield from _vectors(dataset, demo)
        for path in _STEPWISE:
            yield from _rows(demo, path, demo.steps)
        yield from _ends(demo)
        if not demo.is_imported:
            for path in _BALANCE:
                yield from _rows(demo, path, demo.steps)
            yield from _rows(demo, layout.FOOT_WRENCHES, demo.steps + 1, (len(SIDES), 6))
            yield from _states(demo)
        for camera in demo.cameras:
            demo.frames(camera)


def file_findings(dataset: DatasetFile) -> Iterator[Finding]:
    """Look at what the file says about all of its episodes.

    Raises:
        DatasetError: if it cannot be read.
    """
    names = dataset.demo_names()
    if not names:
        yield Finding("it holds no episodes")
    if not dataset.complete:
        yield Finding("it is unfinished; complete it with generate --resume", "warning")
    masks = dataset.masks()
    for mask, members in masks.items():
        if unknown := sorted(set(members) - set(names)):
            yield Finding(f"/mask/{mask} names {unknown[0]}, which is not there")
        if len(set(members)) < len(members):
            yield Finding(f"/mask/{mask} names an episode twice")
    if both := sorted(set(masks.get("train", ())) & set(masks.get("valid", ()))):
        yield Finding(f"{both[0]} is for training as well as for validation")
    total = sum(demo.steps for demo in dataset.demos())
    if dataset.integer("total") != total:
        yield Finding(f"total is {dataset.integer('total')}, but the episodes have {total} steps")


def _vectors(dataset: DatasetFile, demo: Demo) -> Iterator[Finding]:
    actions = demo.actions()
    fields = len(dataset.json_list("action"))
    if actions.shape[1] != fields:
        yield Finding(f"its actions have {actions.shape[1]} entries; {fields} are described")
    largest = float(np.abs(actions).max())
    if largest > 1 + _TOLERANCE:
        yield Finding(f"an action is {largest:g}, beyond [-1, 1]")
    fields = len(dataset.json_list("state"))
    yield from _rows(demo, f"{layout.OBS}/state", demo.steps, (fields,))


def _rows(
    demo: Demo, path: str, rows: int, shape: tuple[int, ...] | None = None
) -> Iterator[Finding]:
    values = demo.array(path)
    if values.ndim == 0 or len(values) != rows:
        yield Finding(f"{path} has shape {values.shape}; it should have {rows} rows")
    elif shape is not None and values.shape[1:] != shape:
        yield Finding(f"the rows of {path} have shape {values.shape[1:]}, not {shape}")
    elif not np.isfinite(values.astype(np.float64)).all():
        yield Finding(f"{path} holds values that are not finite")


def _ends(demo: Demo) -> Iterator[Finding]:
    dones = demo.array(layout.DONES).astype(np.int64)
    if dones.ndim == 1 and len(dones) and dones.tolist() != [0] * (len(dones) - 1) + [1]:
        yield Finding(f"{layout.DONES} is not 0 up to the last step and 1 there")
    limits = len(demo.json_texts("subgoals")), len(demo.json_list("said")) - 1
    for path, limit in zip(_INDICES, limits, strict=True):
        values = demo.array(path).astype(np.int64)
        if values.size and not 0 <= values.min() <= values.max() <= limit:
            yield Finding(f"{path} lies outside [0, {limit}]")


def _states(demo: Demo) -> Iterator[Finding]:
    states, initial = demo.all_states(), demo.states(layout.INITIAL_STATE)
    if "articulation/robot/joint_position" not in states:
        yield Finding("the robot's joint positions are missing")
    for path, rows in states.items():
        if not np.isfinite(rows).all():
            yield Finding(f"states/{path} holds values that are not finite")
        elif path.endswith("root_pose"):
            if rows.shape[1:] != (7,):
                yield Finding(f"the rows of states/{path} have shape {rows.shape[1:]}, not (7,)")
            elif np.abs(np.linalg.norm(rows[:, 3:], axis=1) - 1).max() > _UNIT_TOLERANCE:
                yield Finding(f"states/{path} holds a quaternion whose length is not 1")
        if path not in initial or not np.array_equal(initial[path][0], rows[0], equal_nan=True):
            yield Finding(f"{layout.INITIAL_STATE}/{path} is not the first row of states/{path}")
