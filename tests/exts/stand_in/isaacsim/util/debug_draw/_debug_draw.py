"""Stands in for ``isaacsim.util.debug_draw._debug_draw``.

Signatures: docs.isaacsim.omniverse.nvidia.com/latest/utilities/debugging and the extension's API
page: ``acquire_debug_draw_interface()``; on what it returns ``draw_points(points, colors, sizes)``,
``draw_lines(starts, ends, colors, sizes)``, ``clear_points()`` and ``clear_lines()``; all arguments
are lists of equal length, points tuples of three numbers and colours of four, taken by position.
What is drawn stays until it is cleared.
"""

from typing import TypeAlias

Point: TypeAlias = tuple[float, float, float]
Color: TypeAlias = tuple[float, float, float, float]


class DebugDraw:
    """Remembers what is drawn."""

    def __init__(self) -> None:
        self.points: list[tuple[Point, Color, float]] = []
        self.lines: list[tuple[Point, Point, Color, float]] = []

    def draw_points(self, points: list[Point], colors: list[Color], sizes: list[float], /) -> None:
        """Draw dots."""
        _check(points, 3)
        _check(colors, 4)
        self.points += zip(points, colors, sizes, strict=True)

    def draw_lines(
        self, starts: list[Point], ends: list[Point], colors: list[Color], sizes: list[float], /
    ) -> None:
        """Draw a line from each start to its end."""
        _check(starts, 3)
        _check(ends, 3)
        _check(colors, 4)
        self.lines += zip(starts, ends, colors, sizes, strict=True)

    def clear_points(self) -> None:
        """Remove every dot."""
        self.points.clear()

    def clear_lines(self) -> None:
        """Remove every line."""
        self.lines.clear()


def _check(rows: list[Point] | list[Color], width: int) -> None:
    """Refuse what pybind11 would not take for a list of tuples of numbers."""
    if not isinstance(rows, list):
        raise TypeError(f"A list is wanted, not {type(rows).__name__}.")
    for row in rows:
        if len(row) != width or not all(type(value) in (int, float) for value in row):
            raise TypeError(f"{row!r} has not {width} plain numbers.")


_interface = DebugDraw()


def acquire_debug_draw_interface() -> DebugDraw:
    """Return the one interface there is."""
    return _interface
