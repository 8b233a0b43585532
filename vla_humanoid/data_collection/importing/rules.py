"""What may be said about where an entry of an action or a state comes from."""

from dataclasses import dataclass
from typing import TypeAlias

from vla_humanoid.data_collection.importing.rotations import LAYOUTS
from vla_humanoid.data_collection.importing.table import Table
from vla_humanoid.data_collection.importing.units import UNITS

Pick: TypeAlias = int | str
"""An entry of a source's feature, by place or by name."""


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


@dataclass(frozen=True)
class Rotation:
    """Three entries, a rotation vector, from a rotation of the source.

    Args:
        feature: of the source.
        picks: its entries, in the order of the layout.
        layout: one of `LAYOUTS`.
        unit: of rotation vectors and Euler angles, rad or deg.
        relative_to: our rotation in the state that it is a change of; None if it is absolute.
        axes: of a change: fixed, those of the frame that the rotation is given in, or moving, those
            of what is turned.
    """

    feature: str
    picks: tuple[Pick, ...]
    layout: str
    unit: str = "rad"
    relative_to: str | None = None
    axes: str = "fixed"


@dataclass(frozen=True)
class Constant:
    """An entry that is the same at all times, in our unit."""

    value: float


@dataclass(frozen=True)
class Missing:
    """An entry that the source does not have; a mask says so in the file."""


ScalarRule: TypeAlias = Scalar | Gripper | Constant | Missing
Rule: TypeAlias = ScalarRule | Rotation

_ROTATION_UNITS = ("rad", "deg")


def parse_rule(value: object, entry: str, feature: str, where: str, *, rotation: bool) -> Rule:
    """Return what a mapping says about an entry, or about the three of a rotation.

    Args:
        value: what stands in the mapping.
        entry: ours, for which "{entry}" stands in names.
        feature: of the source, where the mapping names none.
        where: what to call it in messages.
        rotation: whether the entry stands for three, a rotation.

    Raises:
        ConfigurationError: if it makes no sense.
    """
    if value == "missing":
        return Missing()
    if not isinstance(value, dict):
        raise Table({}, where).error(
            'say where it comes from, as in {index = 3, unit = "rad"}, or {constant = 0.0}, or '
            '"missing"'
        )
    table = Table(value, where)
    rule = _parse(table, entry, feature, rotation)
    table.finish()
    return rule


def _parse(table: Table, entry: str, feature: str, rotation: bool) -> Rule:
    if "constant" in table:
        return Constant(table.number("constant"))
    feature = table.text("feature", feature)
    if rotation:
        return _rotation(table, entry, feature)
    pick = _pick(table, entry)
    if "open" in table or "closed" in table:
        opened, closed = table.number("open"), table.number("closed")
        if opened == closed:
            raise table.error("'open' and 'closed' must differ")
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


def _rotation(table: Table, entry: str, feature: str) -> Rotation:
    layout = table.text("layout", among=tuple(LAYOUTS))
    value = table.take("indices") if "indices" in table else table.take("names")
    size = LAYOUTS[layout].size
    if not isinstance(value, list) or len(value) != size or not all(map(_is_pick, value)):
        raise table.error(f"{layout} needs 'indices' or 'names', a list of {size}")
    return Rotation(
        feature,
        tuple(pick.replace("{entry}", entry) if isinstance(pick, str) else pick for pick in value),
        layout,
        unit=table.text("unit", "rad", _ROTATION_UNITS),
        relative_to=_relative(table, entry),
        axes=table.text("axes", "fixed", ("fixed", "moving")),
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
