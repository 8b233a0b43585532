"""What may be said about where an entry of our action or state comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from vla_humanoid.embodiment.frames import Frame, named_frame
from vla_humanoid.embodiment.rotations import LAYOUTS
from vla_humanoid.embodiment.table import Table
from vla_humanoid.embodiment.units import UNITS

Pick: TypeAlias = int | str
"""An entry of a source's feature, by place or by name."""

PREVIOUS = "previous"
"""What a value is a change of: the target before it, rather than an entry of the state."""


@dataclass(frozen=True)
class Scalar:
    """An entry that is one number of the source.

    Args:
        feature: of the source.
        pick: which entry of it.
        unit: one of `UNITS`.
        scale: what it is multiplied by besides, such as -1 for a joint that turns the other way.
        offset: what is then added, in our unit.
        relative_to: our entry of the state that it is a change of; None if it is absolute.
        clip: whether what lies outside of our bounds may be clipped.
    """

    feature: str
    pick: Pick
    unit: str
    scale: float = 1.0
    offset: float = 0.0
    relative_to: str | None = None
    clip: bool = False

    @property
    def picks(self) -> tuple[Pick, ...]:
        """The entries of the source that it is made of."""
        return (self.pick,)


@dataclass(frozen=True)
class Gripper:
    """A gripper's entry, whose range and polarity are told.

    Args:
        feature: of the source.
        pick: which entry of it.
        open: its value when the hand is open.
        closed: its value when the hand is closed.
        clip: whether what lies beyond may be clipped.
    """

    feature: str
    pick: Pick
    open: float
    closed: float
    clip: bool = False

    @property
    def picks(self) -> tuple[Pick, ...]:
        """The entries of the source that it is made of."""
        return (self.pick,)


@dataclass(frozen=True)
class Position:
    """Three entries, a point, from a point of the source in a frame of its own.

    Args:
        feature: of the source.
        picks: its x, y and z.
        unit: of length.
        scale: what it is multiplied by besides.
        frame: that the source has it in; None if it is ours.
        tool: the frame whose origin it is, in our wrist; None if it is our wrist's.
        relative_to: our position in the state that it is a change of; None if it is absolute.
        clip: whether what lies outside of our bounds may be clipped.
    """

    feature: str
    picks: tuple[Pick, ...]
    unit: str
    scale: float = 1.0
    frame: Frame | None = None
    tool: Frame | None = None
    relative_to: str | None = None
    clip: bool = False


@dataclass(frozen=True)
class Rotation:
    """Three entries, a rotation vector, from a rotation of the source.

    Args:
        feature: of the source.
        picks: its entries, in the order of the layout.
        layout: one of `LAYOUTS`.
        unit: of rotation vectors and Euler angles, rad or deg.
        scale: what these are multiplied by besides.
        relative_to: our rotation in the state that it is a change of; None if it is absolute.
        axes: of a change: fixed, those of the frame that the rotation is given in, or moving, those
            of what is turned.
        frame: that the source has it in; None if it is ours.
        tool: the frame that the source turns, in our wrist; None if it is our wrist.
    """

    feature: str
    picks: tuple[Pick, ...]
    layout: str
    unit: str = "rad"
    scale: float = 1.0
    relative_to: str | None = None
    axes: str = "fixed"
    frame: Frame | None = None
    tool: Frame | None = None


@dataclass(frozen=True)
class Constant:
    """An entry that is the same at all times, in our unit."""

    value: float


@dataclass(frozen=True)
class Absent:
    """An entry that the source does not have."""


Taken: TypeAlias = Scalar | Gripper | Position | Rotation
"""What is taken from the source."""
Rule: TypeAlias = Taken | Constant | Absent

POSITION, ROTATION = "_position", "_rotation"
"""Endings of the names that stand for the three entries of a point, or a rotation."""
_ANGLES = ("rad", "deg")


@dataclass(frozen=True)
class Dialect:
    """What the rules of a mapping may name.

    Args:
        feature: of the source, where a rule names none.
        absent: the word for an entry that the source does not have.
        frames: of the source, in ours.
        tools: that the source moves, in our wrists.
    """

    feature: str
    absent: str
    frames: Mapping[str, Frame] = field(default_factory=dict)
    tools: Mapping[str, Frame] = field(default_factory=dict)


def parse_rule(value: object, entry: str, dialect: Dialect, where: str, *, stands_for: str) -> Rule:
    """Return what a mapping says about an entry, or about the three of a point or a rotation.

    Args:
        value: what stands in the mapping.
        entry: ours, for which "{entry}" stands in names.
        dialect: what may be named.
        where: what to call it in messages.
        stands_for: `POSITION` or `ROTATION` if the entry stands for three, or else empty.

    Raises:
        MappingError: if it makes no sense.
    """
    if value == dialect.absent:
        return Absent()
    if not isinstance(value, dict):
        raise Table({}, where).error(
            'say where it comes from, as in {index = 3, unit = "rad"}, or {constant = 0.0}, or '
            f'"{dialect.absent}"'
        )
    table = Table(value, where)
    rule = _parse(table, entry, dialect, stands_for)
    table.finish()
    return rule


def _parse(table: Table, entry: str, dialect: Dialect, stands_for: str) -> Rule:
    if "constant" in table:
        return Constant(table.number("constant"))
    feature = table.text("feature", dialect.feature)
    if stands_for == ROTATION:
        return _rotation(table, entry, feature, dialect)
    if stands_for == POSITION:
        return _position(table, entry, feature, dialect)
    pick = _pick(table, entry)
    if "open" in table or "closed" in table:
        opened, closed = grip_range(table)
        return Gripper(feature, pick, opened, closed, table.flag("clip", False))
    return Scalar(
        feature,
        pick,
        unit=table.text("unit", among=tuple(UNITS)),
        scale=table.number("scale", 1.0),
        offset=table.number("offset", 0.0),
        relative_to=_relative(table, entry),
        clip=table.flag("clip", False),
    )


def grip_range(table: Table) -> tuple[float, float]:
    """Return the values of an open and a closed hand.

    Raises:
        MappingError: if they are missing, or the same.
    """
    opened, closed = table.number("open"), table.number("closed")
    if opened == closed:
        raise table.error("'open' and 'closed' must differ")
    return opened, closed


def angle_unit(table: Table) -> str:
    """Return the unit of the angles of a rotation."""
    return table.text("unit", "rad", _ANGLES)


def _position(table: Table, entry: str, feature: str, dialect: Dialect) -> Position:
    return Position(
        feature,
        _picks(table, entry, "a position", 3),
        unit=table.text("unit", among=[name for name, unit in UNITS.items() if unit.ours == "m"]),
        scale=table.number("scale", 1.0),
        frame=named_frame(table, "frame", dialect.frames),
        tool=named_frame(table, "tool", dialect.tools),
        relative_to=_relative(table, entry),
        clip=table.flag("clip", False),
    )


def _rotation(table: Table, entry: str, feature: str, dialect: Dialect) -> Rotation:
    layout = table.text("layout", among=tuple(LAYOUTS))
    return Rotation(
        feature,
        _picks(table, entry, layout, LAYOUTS[layout].size),
        layout,
        unit=angle_unit(table),
        scale=table.number("scale", 1.0) if LAYOUTS[layout].angles else 1.0,
        relative_to=_relative(table, entry),
        axes=table.text("axes", "fixed", ("fixed", "moving")),
        frame=named_frame(table, "frame", dialect.frames),
        tool=named_frame(table, "tool", dialect.tools),
    )


def _picks(table: Table, entry: str, what: str, size: int) -> tuple[Pick, ...]:
    value = table.take("indices") if "indices" in table else table.take("names")
    if not isinstance(value, list) or len(value) != size or not all(map(_is_pick, value)):
        raise table.error(f"{what} needs 'indices' or 'names', a list of {size}")
    return tuple(
        pick.replace("{entry}", entry) if isinstance(pick, str) else pick for pick in value
    )


def _relative(table: Table, entry: str) -> str | None:
    """Return the entry of our state that a value is a change of: the one of the same name."""
    value = table.take("relative")
    if isinstance(value, str):
        return value
    if value is not None and not isinstance(value, bool):
        raise table.error("'relative' must be true, false or the name of an entry of our state")
    return entry.replace("_delta_", "_") if value else None


def _pick(table: Table, entry: str) -> Pick:
    value = table.take("index") if "index" in table else table.take("name")
    if not _is_pick(value):
        raise table.error("it needs an 'index' (>= 0) or a 'name' of the source's entry")
    return value.replace("{entry}", entry) if isinstance(value, str) else int(str(value))


def _is_pick(value: object) -> bool:
    is_index = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return is_index or isinstance(value, str)
