"""Writes imported episodes as a dataset file, which has no states to simulate from."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import h5py
import numpy as np

from vla_humanoid import __version__
from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_index import VALIDATION_BLOCK
from vla_humanoid.data_collection.episode_file import write_episode
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.importing.conversion import Converter
from vla_humanoid.data_collection.importing.lerobot import LeRobotDataset
from vla_humanoid.data_collection.importing.mapping import VectorMapping
from vla_humanoid.data_collection.importing.records import episode_record
from vla_humanoid.data_collection.importing.sampling import Sampler
from vla_humanoid.data_collection.recorder import EpisodeRecord
from vla_humanoid.embodiment.rules import Absent

_VALID_SPLITS = ("valid", "val", "validation", "test")


def write_file(
    path: Path,
    dataset: LeRobotDataset,
    converter: Converter,
    sampler: Sampler,
    on_episode: Callable[[int, int], None],
) -> None:
    """Write every episode of a source into a new file, one after the other.

    Raises:
        ConfigurationError: if numbers are not what the mapping says.
        DatasetError: if the source cannot be read.
        OSError: if the file cannot be written.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    successes: list[bool] = []
    total = 0
    with h5py.File(path, "w") as file:
        file.attrs["format_version"] = layout.FORMAT_VERSION
        data = file.create_group(layout.DATA)
        for number, place in enumerate(dataset.places):
            on_episode(number, len(dataset.places))
            record = episode_record(dataset, place, converter, sampler)
            _check_alike(shapes, record, f"{dataset.info.folder}: episode {place.number}")
            write_episode(data.create_group(layout.demo_name(number)), record)
            total += int(record.attributes["num_samples"])
            successes.append(bool(record.attributes["success"]))
        on_episode(len(dataset.places), len(dataset.places))
        attributes = _attributes(dataset, converter, sampler, shapes)
        attributes |= {"total": total, "attempts": len(successes), "complete": True}
        failed = {"as the source tells": successes.count(False)} if not all(successes) else {}
        attributes["failures"] = json.dumps(failed)
        for name, value in sorted(attributes.items()):
            data.attrs[name] = value
        masks = file.create_group(layout.MASK)
        for name, demos in _masks(dataset, successes).items():
            masks[name] = np.array(demos, dtype="S" if demos else "S1")


def _check_alike(shapes: dict[str, tuple[int, ...]], record: EpisodeRecord, where: str) -> None:
    for path, video in record.videos.items():
        shape = shapes.setdefault(path, video.shape)
        if video.shape != shape:
            raise DatasetError(f"{where} has images of {video.shape}, others have {shape}.")


def _attributes(
    dataset: LeRobotDataset,
    converter: Converter,
    sampler: Sampler,
    shapes: Mapping[str, tuple[int, ...]],
) -> dict[str, str | int | bool]:
    mapping, info = converter.mapping, dataset.info
    kwargs = {
        "control_mode": mapping.control_mode,
        "cameras": list(mapping.cameras),
        "image_size": max((max(shape[:2]) for shape in shapes.values()), default=0),
    }
    sim_args = {
        "dt": 1.0 / sampler.result_rate,
        "decimation": 1,
        "render_interval": 1,
        "num_envs": 1,
    }
    env_args = {
        "env_name": f"imported from {info.robot}",
        "type": 2,
        "env_kwargs": kwargs,
        "sim_args": sim_args,
    }
    origin = {
        "format": f"LeRobot {info.version}",
        "robot": info.robot,
        "fps": info.fps,
        "mapping": asdict(mapping),
    }
    return {
        "env_args": json.dumps(env_args),
        "config": json.dumps({"task": mapping.task, "imported": info.robot, **kwargs}),
        "env_config": "{}",
        "action": _fields(mapping.action),
        "state": _fields(mapping.state),
        "action_mask": _mask(mapping.action),
        "state_mask": _mask(mapping.state),
        "joint_names": json.dumps(JOINT_NAMES),
        "package_version": __version__,
        "versions": json.dumps({"vla-humanoid": __version__}),
        "alignment": layout.ALIGNMENT,
        layout.IMPORTED: json.dumps(origin),
    }


def _fields(vector: VectorMapping) -> str:
    return json.dumps([asdict(field) for field in vector.fields])


def _mask(vector: VectorMapping) -> str:
    """Return, as JSON, which entries the source has; the others hold a stand-in."""
    missing: set[int] = set()
    for entry, rule in vector.rules.items():
        if isinstance(rule, Absent):
            missing |= set(vector.indices(entry))
    return json.dumps([index not in missing for index in range(len(vector.fields))])


def _masks(dataset: LeRobotDataset, successes: list[bool]) -> dict[str, list[str]]:
    """Return the source's own split, or every tenth success for validation."""
    valid = {number for name in _VALID_SPLITS for number in dataset.info.splits.get(name, ())}
    masks: dict[str, list[str]] = {"train": [], "valid": []}
    counted = 0
    for index, (place, success) in enumerate(zip(dataset.places, successes, strict=True)):
        if not success:
            masks.setdefault("failed", []).append(layout.demo_name(index))
            continue
        is_tenth = counted % VALIDATION_BLOCK == VALIDATION_BLOCK - 1
        is_valid = place.number in valid if valid else is_tenth
        masks["valid" if is_valid else "train"].append(layout.demo_name(index))
        counted += 1
    return masks
