"""What the numbers of a dataset mean; it travels with samples and says whether files fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.schema import Field


@dataclass(frozen=True)
class Description:
    """What all samples of a dataset have in common.

    Args:
        rate: steps per second.
        control_mode: one of `schema.CONTROL_MODES`; empty where a file does not tell.
        action: what the entries of an action mean; it is normalized to [-1, 1].
        state: what the entries of the state mean.
        images: height and width [pixels] by camera.
    """

    rate: float
    control_mode: str
    action: tuple[Field, ...]
    state: tuple[Field, ...]
    images: Mapping[str, tuple[int, int]]


def describe(dataset: DatasetFile, demo: Demo) -> Description:
    """Return the description of a file.

    Args:
        dataset: the file.
        demo: one of its episodes, for its images.

    Raises:
        DatasetError: if the file does not tell.
    """
    env_kwargs = dataset.env_args.get("env_kwargs")
    chosen = env_kwargs if isinstance(env_kwargs, dict) else {}
    return Description(
        rate=dataset.rate,
        control_mode=str(chosen.get("control_mode", "")),
        action=_fields(dataset, "action"),
        state=_fields(dataset, "state"),
        images=image_sizes(demo, demo.cameras),
    )


def image_sizes(demo: Demo, cameras: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return height and width of an episode's images [pixels] by camera.

    Raises:
        DatasetError: if a camera has none.
    """
    sizes = {camera: demo.frames(camera).shape[1:3] for camera in cameras}
    return {camera: (int(height), int(width)) for camera, (height, width) in sizes.items()}


def differences(expected: Description, found: Description) -> list[str]:
    """Return what differs, one line for each entry; none if samples of both can be mixed."""
    lines: list[str] = []
    if not np.isclose(expected.rate, found.rate):
        lines.append(f"rate: {found.rate:g} Hz instead of {expected.rate:g} Hz")
    if found.control_mode != expected.control_mode:
        lines.append(f"control_mode: {found.control_mode!r} instead of {expected.control_mode!r}")
    lines += _field_differences("action", expected.action, found.action)
    lines += _field_differences("state", expected.state, found.state)
    for camera in sorted(expected.images.keys() | found.images.keys()):
        there, here = expected.images.get(camera), found.images.get(camera)
        if there != here:
            lines.append(f"images of {camera}: {_size(here)} instead of {_size(there)}")
    return lines


def _field_differences(
    vector: str, expected: tuple[Field, ...], found: tuple[Field, ...]
) -> list[str]:
    lines: list[str] = []
    if len(found) != len(expected):
        lines.append(f"{vector}: {len(found)} entries instead of {len(expected)}")
    for index, (there, here) in enumerate(zip(expected, found, strict=False)):
        changed = [
            f"{name} {getattr(here, name)!r} instead of {getattr(there, name)!r}"
            for name in (item.name for item in fields(Field))
            if getattr(here, name) != getattr(there, name)
        ]
        if changed:
            lines.append(f"{vector}[{index}]: {', '.join(changed)}")
    return lines


def _size(size: tuple[int, int] | None) -> str:
    return "none" if size is None else f"{size[0]}x{size[1]}"


def _fields(dataset: DatasetFile, name: str) -> tuple[Field, ...]:
    return tuple(_field(dataset, name, entry) for entry in dataset.json_list(name))


def _field(dataset: DatasetFile, name: str, entry: object) -> Field:
    try:
        if not isinstance(entry, dict):
            raise TypeError(f"{entry!r} is no object")
        low, high = entry["low"], entry["high"]
        return Field(
            name=str(entry["name"]),
            unit=str(entry["unit"]),
            low=-np.inf if low is None else float(low),
            high=np.inf if high is None else float(high),
            frame=str(entry.get("frame", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise dataset.error(f"its attribute {name!r} describes no field: {error}") from error
