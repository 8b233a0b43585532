"""Reads what a policy of another embodiment sees."""

from collections.abc import Mapping, Sequence

from vla_humanoid.embodiment.faults import Faults
from vla_humanoid.embodiment.frames import Frame, named_frame
from vla_humanoid.embodiment.meaning import units_of
from vla_humanoid.embodiment.rotations import LAYOUTS
from vla_humanoid.embodiment.rules import ROTATION, angle_unit, grip_range
from vla_humanoid.embodiment.table import Table
from vla_humanoid.embodiment.units import UNITS
from vla_humanoid.embodiment.vectors import alike, ending_of, groups_among
from vla_humanoid.policy_runner.mapped.config import (
    DTYPES,
    FITS,
    IMAGE_DTYPES,
    IMAGE_LAYOUTS,
    SeenConstant,
    SeenGrip,
    SeenImage,
    SeenNumber,
    SeenPart,
    SeenPosition,
    SeenRotation,
    SeenVector,
    ThisRobot,
)
from vla_humanoid.schema import Field

BLACK = "black"
"""In place of a camera: an image that is black at all times."""
_LARGEST_IMAGE = 4096
_TURNS = (0, 90, 180, 270)
_MOST_NUMBERS = 1024


def read_images(table: Table, robot: ThisRobot, faults: Faults) -> tuple[SeenImage, ...]:
    """Return the images that a mapping has; note what is wrong with them."""
    found: list[SeenImage] = []
    for key, part in _parts(table, "images", faults):
        with faults.noted():
            found.append(_image(key, part, robot))
            part.finish()
    return tuple(found)


def read_vectors(
    table: Table,
    state: Sequence[Field],
    frames: Mapping[str, Frame],
    tools: Mapping[str, Frame],
    faults: Faults,
) -> tuple[SeenVector, ...]:
    """Return the vectors of numbers that a mapping has; note what is wrong with them."""
    reader = _PartReader(state, frames, tools)
    found: list[SeenVector] = []
    for key, part in _parts(table, "observation", faults):
        with faults.noted():
            parts = _entries(part, reader, faults)
            dtype = part.text("dtype", "float32", DTYPES)
            found.append(SeenVector(key, part.flag("nested", False), parts, dtype))
            part.finish()
    return tuple(found)


def _parts(table: Table, name: str, faults: Faults) -> list[tuple[str, Table]]:
    """Return the tables within a table, by key."""
    if name not in table:
        table.take(name)
        return []
    found: list[tuple[str, Table]] = []
    with faults.noted():
        outer = table.table(name)
        for key in list(outer):
            with faults.noted():
                found.append((key, outer.table(key)))
    return found


def _image(key: str, table: Table, robot: ThisRobot) -> SeenImage:
    camera = table.text("camera", among=(*robot.cameras, BLACK))
    height, width = _size(table)
    fit, turn = table.text("fit", "pad", FITS), table.number("turn", 0)
    if turn not in _TURNS:
        raise table.error(f"'turn' must be one of 0, 90, 180 and 270 degrees, not {turn:g}")
    return SeenImage(
        key,
        table.flag("nested", False),
        "" if camera == BLACK else camera,
        height,
        width,
        int(turn),
        next(one for one in FITS if one == fit),
        table.text("layout", "hwc", IMAGE_LAYOUTS),
        table.text("dtype", "uint8", IMAGE_DTYPES),
    )


def _size(table: Table) -> tuple[int, int]:
    value = table.take("size")
    edges = value if isinstance(value, list) else [value, value]
    good = [edge for edge in edges if isinstance(edge, int) and 0 < edge <= _LARGEST_IMAGE]
    if len(edges) != 2 or len(good) != 2 or any(isinstance(edge, bool) for edge in edges):
        raise table.error(
            f"'size' must be an edge, or [height, width], in pixels up to {_LARGEST_IMAGE}"
        )
    return good[0], good[1]


def _entries(table: Table, reader: "_PartReader", faults: Faults) -> tuple[SeenPart, ...]:
    value = table.take("entries")
    if not isinstance(value, list) or not value:
        raise table.error(
            "it needs 'entries', a list of what it consists of in order, as in "
            '[{name = "right_elbow_joint_position", unit = "rad"}]'
        )
    found: list[SeenPart] = []
    for place, item in enumerate(value):
        where = f"{table.where}, entry {place}"
        with faults.noted():
            if not isinstance(item, dict):
                raise Table({}, where).error("it must be a table, as in {constant = 0.0}")
            found += reader.read(Table(item, where))
    return tuple(found)


class _PartReader:
    """Reads what a vector consists of.

    Args:
        state: our fields.
        frames: of the policy, in ours.
        tools: of the policy, in our wrists.
    """

    def __init__(
        self, state: Sequence[Field], frames: Mapping[str, Frame], tools: Mapping[str, Frame]
    ) -> None:
        self._fields = {field.name: field for field in state}
        self._groups = groups_among(state)
        self._frames, self._tools = frames, tools

    def read(self, table: Table) -> list[SeenPart]:
        """Return what an item of a list stands for.

        Raises:
            MappingError: if it makes no sense.
        """
        if "constant" in table:
            count = table.number("count", 1)
            if count != int(count) or not 0 < count <= _MOST_NUMBERS:
                raise table.error(f"'count' must be a whole number, 1 to {_MOST_NUMBERS}")
            found: list[SeenPart] = [SeenConstant(table.number("constant"), int(count))]
        else:
            names, rest = self._names(table), table.items()
            parts = [Table(rest, table.where) for _ in names]
            found = [self._part(part, name) for part, name in zip(parts, names, strict=True)]
            for part in parts:
                part.finish()
        table.finish()
        return found

    def _names(self, table: Table) -> list[str]:
        value = table.take("names") if "names" in table else [table.take("name")]
        names = [str(one) for one in value] if isinstance(value, list) else []
        if not names or names == ["None"]:
            raise table.error(
                "it needs the 'name' of an entry of our state, or 'names', or a constant"
            )
        for name in names:
            known = [*self._fields, *self._groups]
            if name not in known:
                raise table.error(
                    f"{name!r} is no entry of our state; there are {alike(name, known)}"
                )
        return names

    def _part(self, table: Table, name: str) -> SeenPart:
        if name in self._groups:
            if ending_of(name) == ROTATION:
                return SeenRotation(
                    name,
                    table.text("layout", among=tuple(LAYOUTS)),
                    angle_unit(table),
                    named_frame(table, "frame", self._frames),
                    named_frame(table, "tool", self._tools),
                )
            metres = [unit for unit, it in UNITS.items() if it.ours == "m"]
            return SeenPosition(
                name,
                table.text("unit", among=metres),
                named_frame(table, "frame", self._frames),
                named_frame(table, "tool", self._tools),
            )
        if "open" in table or "closed" in table:
            if "_grip" not in name:
                raise table.error(f"'open' and 'closed' are for grips; {name!r} needs a 'unit'")
            opened, closed = grip_range(table)
            return SeenGrip(name, opened, closed)
        return SeenNumber(
            name,
            table.text("unit", among=units_of(self._fields[name])),
            table.number("scale", 1.0),
            table.number("offset", 0.0),
        )
