"""The mapping file: what a source's numbers and cameras are to this robot, entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.data_collection.importing.rules import Rule, parse_rule
from vla_humanoid.data_collection.importing.table import Table, read_table
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
_MISSING = "missing"
_ROTATION_ENDINGS = (("_rotation", ("_x", "_y", "_z")), ("_delta", ("_roll", "_pitch", "_yaw")))


@dataclass(frozen=True)
class VectorMapping:
    """Where the entries of the actions, or of the state, come from.

    Args:
        name: action or state.
        fields: ours.
        rules: by the name of our entry, or of a rotation, which stands for three.
    """

    name: str
    fields: tuple[Field, ...]
    rules: Mapping[str, Rule]

    def indices(self, entry: str) -> tuple[int, ...]:
        """Return which of our entries a rule is about."""
        names = [field.name for field in self.fields]
        return tuple(names.index(name) for name in entries_of(entry, names))


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
    table = read_table(path)
    spec = action_spec(table.text("control_mode", among=CONTROL_MODES), JOINT_RANGES)
    success = table.take("success")
    if not isinstance(success, bool | str):
        raise table.error("'success' must be true, false or the name of a feature that tells")
    mapping = EmbodimentMapping(
        control_mode=spec.control_mode,
        task=table.text("task", "Imported"),
        success=success,
        instruction=table.text("instruction", ""),
        rate=_positive(table, "rate"),
        image_size=None if (size := _positive(table, "image_size")) is None else int(size),
        fit=table.text("fit", "crop", FITS),
        cameras=_cameras(table),
        action=_vector(table, "action", spec.fields, ACTION),
        state=_vector(table, "state", state_fields(JOINT_NAMES), STATE),
    )
    table.finish()
    return mapping


def rotations_among(names: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the entries of each rotation that is among some entries, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for ending, axes in _ROTATION_ENDINGS:
        for name in names:
            stem = name.removesuffix(axes[0])
            parts = tuple(f"{stem}{axis}" for axis in axes)
            if name.endswith(f"{ending}{axes[0]}") and set(parts) <= set(names):
                found[stem if ending == "_rotation" else f"{stem}_rotation"] = parts
    return found


def entries_of(entry: str, names: list[str]) -> tuple[str, ...]:
    """Return the entries that a name in a mapping stands for: itself, or a rotation's three."""
    return rotations_among(names).get(entry, (entry,))


def _cameras(table: Table) -> dict[str, str]:
    cameras = table.table("cameras")
    found = {name: cameras.text(name) for name in CAMERAS if name in cameras}
    for name in set(CAMERAS) - set(found):
        cameras.take(name)
    cameras.finish()
    return found


def _vector(table: Table, name: str, fields: tuple[Field, ...], feature: str) -> VectorMapping:
    part = table.table(name)
    feature = part.text("feature", feature)
    said = part.table("entries").items()
    part.finish()
    names = [field.name for field in fields]
    rotations = rotations_among(names)
    rules: dict[str, Rule] = {}
    covered: set[str] = set()
    for rotation, parts in rotations.items():
        if rotation in said:
            where = f"{part.where}, {rotation}"
            rules[rotation] = parse_rule(said[rotation], rotation, feature, where, rotation=True)
            if twice := sorted(set(parts) & said.keys()):
                raise part.error(f"{twice[0]!r} is said twice, the other time by {rotation!r}")
            covered |= set(parts)
    patterns = [pattern for pattern in said if pattern not in rotations]
    for entry in names:
        if entry in covered:
            continue
        # A name by itself comes before patterns, of which the first that fits counts.
        fitting = [entry] if entry in said else [p for p in patterns if fnmatchcase(entry, p)]
        if not fitting:
            raise part.error(
                f"it does not say where the entry {entry!r} comes from; give its source, "
                f'{{constant = ...}} or "{_MISSING}"'
            )
        where = f"{part.where}, {fitting[0]}"
        rules[entry] = parse_rule(said[fitting[0]], entry, feature, where, rotation=False)
    for pattern in patterns:
        if not any(fnmatchcase(entry, pattern) for entry in names):
            raise part.error(
                f"{pattern!r} is no entry of the {name}; there are {', '.join(names[:4])}, ..., "
                f"and the rotations {', '.join(rotations) or '(none)'}"
            )
    return VectorMapping(name, fields, rules)


def _positive(table: Table, name: str) -> float | None:
    if name not in table:
        table.take(name)
        return None
    value = table.number(name)
    if not value > 0:
        raise table.error(f"{name!r} must be positive, not {value:g}")
    return value
