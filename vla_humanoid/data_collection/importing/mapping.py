"""The mapping file: what a source's numbers and cameras are to this robot, entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.embodiment.faults import Faults, MappingError
from vla_humanoid.embodiment.frames import parse_frames
from vla_humanoid.embodiment.rules import Dialect
from vla_humanoid.embodiment.table import Table, read_table
from vla_humanoid.embodiment.vectors import VectorMapping, parse_vector
from vla_humanoid.schema import (
    CAMERAS,
    CONTROL_MODES,
    ControlMode,
    Field,
    action_spec,
    state_fields,
)

ACTION, STATE = "action", "observation.state"
"""Features of a source that are meant where a mapping names none."""

FITS = ("crop", "pad")
MISSING = "missing"
"""What a mapping says of entries that the source does not have."""


@dataclass(frozen=True)
class EmbodimentMapping:
    """What a mapping file says.

    Args:
        control_mode: one of `CONTROL_MODES`, which the actions are to have.
        task: name of the task that the episodes are recorded under.
        success: whether the episodes succeeded, or a feature of the source that tells.
        instruction: what was to be done; empty where the source's own tasks tell.
        rate: steps per second of the result; None for the source's.
        image_size: edge of the square images [pixels]; None for the source's.
        fit: how an image is made square, one of `FITS`.
        cameras: features of the source by our camera.
        action: where the actions come from.
        state: where the state comes from.
    """

    control_mode: ControlMode
    task: str
    success: bool | str
    instruction: str
    rate: float | None
    image_size: int | None
    fit: str
    cameras: Mapping[str, str]
    action: VectorMapping
    state: VectorMapping


def read_mapping(path: Path) -> EmbodimentMapping:
    """Read a mapping file, TOML or JSON.

    Raises:
        ConfigurationError: if it cannot be read, or does not say of every entry where it comes
            from; the message names the entry.
    """
    try:
        return _read(read_table(path))
    except MappingError as error:
        raise ConfigurationError(str(error)) from error


def _read(table: Table) -> EmbodimentMapping:
    spec = action_spec(table.text("control_mode", among=CONTROL_MODES), JOINT_RANGES)
    success = table.take("success")
    if not isinstance(success, bool | str):
        raise table.error("'success' must be true, false or the name of a feature that tells")
    frames, tools = parse_frames(table, "frames"), parse_frames(table, "tools")
    dialect = Dialect(STATE, MISSING, frames, tools)
    mapping = EmbodimentMapping(
        control_mode=spec.control_mode,
        task=table.text("task", "Imported"),
        success=success,
        instruction=table.text("instruction", ""),
        rate=_positive(table, "rate"),
        image_size=None if (size := _positive(table, "image_size")) is None else int(size),
        fit=table.text("fit", "crop", FITS),
        cameras=_cameras(table),
        action=_vector(table, "action", spec.fields, replace(dialect, feature=ACTION)),
        state=_vector(table, "state", state_fields(JOINT_NAMES), dialect),
    )
    table.finish()
    return mapping


def _cameras(table: Table) -> dict[str, str]:
    cameras = table.table("cameras")
    found = {name: cameras.text(name) for name in CAMERAS if name in cameras}
    for name in set(CAMERAS) - set(found):
        cameras.take(name)
    cameras.finish()
    return found


def _vector(table: Table, name: str, fields: tuple[Field, ...], dialect: Dialect) -> VectorMapping:
    part, faults = table.table(name), Faults()
    chosen = replace(dialect, feature=part.text("feature", dialect.feature))
    vector = parse_vector(part, name, fields, chosen, faults)
    part.finish()
    if faults.found:
        raise MappingError(faults.found[0])
    return vector


def _positive(table: Table, name: str) -> float | None:
    if name not in table:
        table.take(name)
        return None
    value = table.number(name)
    if not value > 0:
        raise table.error(f"{name!r} must be positive, not {value:g}")
    return value
