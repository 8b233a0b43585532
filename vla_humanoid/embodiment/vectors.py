"""Which of our entries a rule of a mapping is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from vla_humanoid.embodiment.faults import Faults
from vla_humanoid.embodiment.rules import POSITION, ROTATION, Dialect, Rule, parse_rule
from vla_humanoid.embodiment.table import Table
from vla_humanoid.schema import Field

_XYZ = ("_x", "_y", "_z")
_ANGLES = ("_roll", "_pitch", "_yaw")
_STEP = "_delta_"
_ROTATION_ENDINGS = (("_rotation", _XYZ), ("_delta", _ANGLES))


@dataclass(frozen=True)
class VectorMapping:
    """Where the entries of the actions, or of the state, come from.

    Args:
        name: action or state.
        fields: ours.
        rules: by the name of our entry, or of a position or rotation, which stands for three.
    """

    name: str
    fields: tuple[Field, ...]
    rules: Mapping[str, Rule]

    def indices(self, entry: str) -> tuple[int, ...]:
        """Return which of our entries a rule is about.

        Raises:
            ValueError: if there are none of that name.
        """
        names = [field.name for field in self.fields]
        return tuple(names.index(name) for name in entries_of(entry, self.fields))


def groups_among(fields: Sequence[Field]) -> dict[str, tuple[str, ...]]:
    """Return the entries of each position and rotation that is among some entries, by its name."""
    units = {field.name: field.unit for field in fields}
    found: dict[str, tuple[str, ...]] = {}
    for ending, axes in _ROTATION_ENDINGS:
        for name, unit in units.items():
            stem = name.removesuffix(axes[0])
            parts = tuple(f"{stem}{axis}" for axis in axes)
            if unit == "rad" and name.endswith(f"{ending}{axes[0]}") and set(parts) <= set(units):
                found[stem if ending == ROTATION else f"{stem}{ROTATION}"] = parts
    for name, unit in units.items():
        stem = name.removesuffix(_XYZ[0])
        parts = tuple(f"{stem}{axis}" for axis in _XYZ)
        if unit == "m" and name.endswith(_XYZ[0]) and set(parts) <= set(units):
            found[f"{stem}{POSITION}"] = parts
    return found


def entries_of(entry: str, fields: Sequence[Field]) -> tuple[str, ...]:
    """Return the entries that a name in a mapping stands for: itself, or a group's three."""
    return groups_among(fields).get(entry, (entry,))


def ending_of(group: str) -> str:
    """Return whether the name of a group is that of a `POSITION` or a `ROTATION`."""
    return ROTATION if group.endswith(ROTATION) else POSITION


def rotation_of(position: str) -> str:
    """Return the name of the rotation that belongs to a position."""
    return position.removesuffix(POSITION) + ROTATION


def is_step(entry: str) -> bool:
    """Whether an entry of our actions is a step from the target before."""
    return _STEP in entry


def sensed(entry: str, state: VectorMapping) -> tuple[int, ...]:
    """Return which entries of our state tell where what an entry of an action commands is.

    Raises:
        ValueError: if none do.
    """
    plain = entry.replace(_STEP, "_")
    known = {*groups_among(state.fields), *(field.name for field in state.fields)}
    for name in (plain, f"{plain}_position", f"{plain}_command"):
        if name in known:
            return state.indices(name)
    raise ValueError(f"the state has no {plain!r}")


def alike(name: str, known: Sequence[str]) -> str:
    """Return the known names that were most likely meant by an unknown one, in a line."""
    holding = [one for one in known if name and name in one]
    close = [*holding, *get_close_matches(name, known, 3)][:3]
    return ", ".join(dict.fromkeys(close) or [*known[:4], "..."])


def parse_vector(
    table: Table, name: str, fields: tuple[Field, ...], dialect: Dialect, faults: Faults
) -> VectorMapping:
    """Return what a mapping says about all entries of a vector.

    Args:
        table: of the mapping, which has a table ``entries``.
        name: of the vector: action or state.
        fields: ours.
        dialect: what rules may name.
        faults: where to note what is wrong.
    """
    said = table.table("entries").items()
    groups = groups_among(fields)
    rules: dict[str, Rule] = {}
    covered: set[str] = set()
    for group, parts in groups.items():
        if group in said:
            if twice := sorted(set(parts) & (said.keys() | covered)):
                faults.add(
                    f"{table.where}: {twice[0]!r} is said twice, the other time by {group!r}; "
                    "leave one of them out."
                )
            with faults.noted():
                where = f"{table.where}, {group}"
                rules[group] = parse_rule(
                    said[group], group, dialect, where, stands_for=ending_of(group)
                )
            covered |= set(parts)
    patterns = [pattern for pattern in said if pattern not in groups]
    lacking: list[str] = []
    for entry in (field.name for field in fields if field.name not in covered):
        # A name by itself comes before patterns, of which the first that fits counts.
        fitting = [entry] if entry in said else [p for p in patterns if fnmatchcase(entry, p)]
        if not fitting:
            lacking.append(entry)
            continue
        with faults.noted():
            where = f"{table.where}, {fitting[0]}"
            rules[entry] = parse_rule(said[fitting[0]], entry, dialect, where, stands_for="")
    if lacking:
        faults.add(
            f"{table.where}: it does not say where the entry {_listed(lacking)} comes from; give "
            f'its source, {{constant = ...}} or "{dialect.absent}".'
        )
    names = [field.name for field in fields]
    for pattern in patterns:
        if not any(fnmatchcase(entry, pattern) for entry in names):
            faults.add(f"{table.where}: {_unknown(pattern, name, [*names, *groups])}.")
    return VectorMapping(name, fields, rules)


def _unknown(pattern: str, name: str, known: list[str]) -> str:
    return f"{pattern!r} is no entry of the {name}; there are {alike(pattern, known)}"


def _listed(entries: Sequence[str]) -> str:
    more = f", and {len(entries) - 6} more" if len(entries) > 6 else ""
    return ", ".join(map(repr, entries[:6])) + more
