"""robomimic: a dataset file is one already, as its ``SequenceDataset`` reads it."""

from collections.abc import Iterator
from pathlib import Path

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

_READER = "robomimic"


def write(source: Source, target: Path, options: ExportOptions) -> None:
    """Check that robomimic reads the dataset file, and copy it.

    Raises:
        ConfigurationError: if there are several files.
        DatasetError: naming what robomimic would stumble over.
    """
    copy_if_sound(source, target, _READER, _problems)


def _problems(dataset: DatasetFile) -> Iterator[str]:
    yield from header_problems(dataset)
    if not isinstance(dataset.env_args.get("env_kwargs"), dict):
        yield "/data: env_args has no object 'env_kwargs'"
    names = dataset.demo_names()
    masks = dataset.masks()
    if not masks.get("train"):
        yield "/mask/train names no demo"
    for mask, demos in masks.items():
        for name in sorted(set(demos) - set(names)):
            yield f"/mask/{mask} names {name!r}, which is not there"
    expected = _row_shapes(dataset.demo(names[0]))
    for demo in dataset.demos():
        yield from _demo_problems(demo, expected)


def _demo_problems(demo: Demo, expected: dict[str, tuple[int, ...]]) -> Iterator[str]:
    yield from row_problems(demo, layout.ACTIONS, demo.steps, expected.get(layout.ACTIONS))
    yield from all_row_problems(demo, (layout.REWARDS, layout.DONES), demo.steps, ())
    found = {f"{layout.OBS}/{path}" for path in demo.dataset_paths(layout.OBS)}
    for path in sorted(found):
        if path.count("/") != 1:
            yield f"/data/{demo.name}/{path} lies in a group of its own, where it is not looked for"
        elif path not in expected:
            yield f"/data/{demo.name}/{path} is not in the first demo"
    for path in sorted(expected.keys() - {layout.ACTIONS}):
        yield from row_problems(demo, path, demo.steps, expected[path])


def _row_shapes(demo: Demo) -> dict[str, tuple[int, ...]]:
    """Return what a row of the actions and of each observation is like."""
    observations = demo.dataset_paths(layout.OBS)
    shapes: dict[str, tuple[int, ...]] = {}
    for path in (layout.ACTIONS, *(f"{layout.OBS}/{name}" for name in observations)):
        try:
            shapes[path] = demo.dataset(path).shape[1:]
        except DatasetError:
            continue  # Named where the demo itself is looked at.
    return shapes
