"""Frames of another embodiment, as they lie in ours."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.embodiment.rotations import (
    LAYOUTS,
    inverted,
    multiplied,
    quats_from,
    rotated,
)
from vla_humanoid.embodiment.table import Table, is_number
from vla_humanoid.schema import FloatArray


@dataclass(frozen=True)
class Frame:
    """A frame of another embodiment.

    Args:
        name: as the mapping has it.
        position: of its origin in our frame [m].
        quat_wxyz: of its axes in our frame.
    """

    name: str
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    quat_wxyz: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)

    @property
    def origin(self) -> FloatArray:
        """Of the frame, in ours [m], shape (3,)."""
        return np.array(self.position)

    @property
    def quats(self) -> FloatArray:
        """Its axes, in ours, shape (1, 4)."""
        return np.array([self.quat_wxyz])

    def points_out(self, points: FloatArray) -> FloatArray:
        """Return points of the frame in ours, shape (n, 3)."""
        return self.vectors_out(points) + self.origin

    def points_in(self, points: FloatArray) -> FloatArray:
        """Return points of ours in the frame, shape (n, 3)."""
        return rotated(inverted(self.quats), points - self.origin)

    def vectors_out(self, vectors: FloatArray) -> FloatArray:
        """Return what has a direction, but no place, in our frame, shape (n, 3)."""
        return rotated(self.quats, vectors)

    def changes_out(self, turns: FloatArray) -> FloatArray:
        """Return turns about axes of the frame as turns about ours, quaternions (n, 4)."""
        return multiplied(multiplied(self.quats, turns), inverted(self.quats))


def parse_frames(table: Table, name: str) -> dict[str, Frame]:
    """Return the frames, or tools, that a mapping has, by name.

    Args:
        table: of the mapping.
        name: of the table within it, which need not be there.

    Raises:
        MappingError: if one makes no sense.
    """
    if name not in table:
        table.take(name)
        return {}
    part = table.table(name)
    found: dict[str, Frame] = {}
    for key in list(part):
        inner = part.table(key)
        found[key] = _frame(key, inner)
        inner.finish()
    return found


def named_frame(table: Table, name: str, frames: Mapping[str, Frame]) -> Frame | None:
    """Return the frame that an entry names; None if it names none.

    Raises:
        MappingError: if there is no such frame.
    """
    if name not in table:
        table.take(name)
        return None
    key = table.text(name)
    if key not in frames:
        listed = ", ".join(map(repr, frames)) or "none"
        raise table.error(
            f"there is no {name} {key!r}; the mapping has {listed}; add [{name}s.{key}]"
        )
    return frames[key]


def _frame(name: str, table: Table) -> Frame:
    position = [0.0, 0.0, 0.0]
    if "position" in table:
        position = _numbers(table, "position", 3)
    quat = [1.0, 0.0, 0.0, 0.0]
    if "rotation" in table:
        layout = table.text("layout", among=tuple(LAYOUTS))
        values = np.array([_numbers(table, "rotation", LAYOUTS[layout].size)])
        unit = table.text("unit", "rad", ("rad", "deg"))
        if LAYOUTS[layout].angles and unit == "deg":
            values = np.deg2rad(values)
        try:
            quat = quats_from(values, layout)[0].tolist()
        except ValueError as error:
            raise table.error(f"its rotation: {error}") from error
    x, y, z = position
    w, i, j, k = quat
    return Frame(name, (x, y, z), (w, i, j, k))


def _numbers(table: Table, name: str, size: int) -> list[float]:
    value = table.take(name)
    if not isinstance(value, list) or len(value) != size or not all(map(is_number, value)):
        raise table.error(f"{name!r} must be a list of {size} numbers")
    return [float(one) for one in value if is_number(one)]
