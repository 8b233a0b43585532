"""What the numbers and images of a dataset file mean, and whether two files fit together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.description import (
    Description,
    DescriptionError,
    Difference,
    field_differences,
    read_fields,
    value_differences,
)
from vla_humanoid.schema import CONTROL_MODES, ActionSpec, ControlMode, Field


@dataclass(frozen=True)
class FileDescription:
    """What all episodes of a file have in common.

    Args:
        rate: steps per second.
        control_mode: one of `schema.CONTROL_MODES`; empty where the file does not tell.
        action: what the entries of an action mean; it is normalized to [-1, 1].
        state: what the entries of the state mean.
        images: height and width [pixels] by camera, the head first.
        joint_names: of the robot.
    """

    rate: float
    control_mode: str
    action: tuple[Field, ...]
    state: tuple[Field, ...]
    images: Mapping[str, tuple[int, int]]
    joint_names: tuple[str, ...]

    @property
    def cameras(self) -> tuple[str, ...]:
        """The cameras whose images there are, the head first."""
        return tuple(self.images)

    @property
    def exact_rate(self) -> Fraction:
        """Steps per second, as the fraction that it is meant to be."""
        return Fraction(self.rate).limit_denominator(1000)

    def for_policy(self, path: Path, tasks: tuple[str, ...] = ()) -> Description:
        """Return what a policy sees and does that learns from the file.

        Args:
            path: of the file, for messages.
            tasks: that are in it.

        Raises:
            DatasetError: if the file does not tell its control mode, or no policy takes its images.
        """
        edges = {edge for size in self.images.values() for edge in size}
        if len(edges) > 1:
            sizes = ", ".join(f"{name} {_told(size)}" for name, size in self.images.items())
            raise DatasetError(
                f"Images must be square and all of one size; those of {path} are {sizes}."
            )
        size = edges.pop() if edges else 0
        action = ActionSpec(_control_mode(self.control_mode, path), self.action)
        return Description(action, self.state, self.cameras, size, self.rate, tasks)


def _control_mode(name: str, path: Path) -> ControlMode:
    for mode in CONTROL_MODES:
        if mode == name:
            return mode
    raise DatasetError(
        f"{path} does not tell its control mode: it is {name!r}, not one of "
        f"{', '.join(CONTROL_MODES)}."
    )


def describe_file(dataset: DatasetFile, demo: Demo) -> FileDescription:
    """Return the description of a file.

    Args:
        dataset: the file.
        demo: one of its episodes, for its images.

    Raises:
        DatasetError: if the file does not tell.
    """
    env_kwargs = dataset.env_args.get("env_kwargs")
    chosen = env_kwargs if isinstance(env_kwargs, dict) else {}
    # The head first, as in the order of the command line.
    cameras = sorted(demo.cameras, key=lambda camera: (camera != "head", camera))
    return FileDescription(
        rate=dataset.rate,
        control_mode=str(chosen.get("control_mode", "")),
        action=_fields(dataset, "action"),
        state=_fields(dataset, "state"),
        images=image_sizes(demo, cameras),
        joint_names=dataset.json_texts("joint_names"),
    )


def image_sizes(demo: Demo, cameras: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return height and width of an episode's images [pixels] by camera.

    Raises:
        DatasetError: if a camera has none.
    """
    sizes = {camera: demo.frames(camera).shape[1:3] for camera in cameras}
    return {camera: (int(height), int(width)) for camera, (height, width) in sizes.items()}


def file_differences(offered: FileDescription, needed: FileDescription) -> list[Difference]:
    """Return every entry in which two files differ; none if their episodes can be mixed."""
    found: list[Difference] = []
    if not np.isclose(offered.rate, needed.rate):
        found += value_differences("rate [Hz]", f"{offered.rate:g}", f"{needed.rate:g}")
    found += value_differences("control_mode", offered.control_mode, needed.control_mode)
    found += field_differences("action", offered.action, needed.action)
    found += field_differences("state", offered.state, needed.state)
    for camera in sorted(offered.images.keys() | needed.images.keys()):
        sizes = (_told(side.images.get(camera)) for side in (offered, needed))
        found += value_differences(f"images of {camera} [px]", *sizes)
    if offered.joint_names != needed.joint_names:
        names = (", ".join(side.joint_names) for side in (offered, needed))
        found += value_differences("joint_names", *names)
    return found


def _fields(dataset: DatasetFile, name: str) -> tuple[Field, ...]:
    try:
        return read_fields(name, dataset.json_list(name))
    except DescriptionError as error:
        raise dataset.error(f"its attribute {name!r} is wrong: {str(error).rstrip('.')}") from error


def _told(size: tuple[int, int] | None) -> str:
    return "none" if size is None else f"{size[0]}x{size[1]}"
