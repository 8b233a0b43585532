"""Draws a view-model's drawings over the viewport."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from isaacsim.util.debug_draw import _debug_draw

from vla_humanoid.schema import FloatArray
from vla_humanoid.viewer.primitives import Color, Drawing, Points, Polyline

Point: TypeAlias = tuple[float, float, float]


class DebugDrawing:
    """Maps points and lines onto Isaac Sim's debug drawing, which knows nothing of owners.

    What others draw with it goes when this draws anew.
    """

    def __init__(self) -> None:
        self._interface = _debug_draw.acquire_debug_draw_interface()

    def show(self, drawings: Sequence[Drawing], to_stage: FloatArray) -> None:
        """Replace what is drawn.

        Args:
            drawings: in the world frame.
            to_stage: from there to the stage, for row vectors, shape (4, 4).
        """
        self.clear()
        dots: list[tuple[Point, Color, float]] = []
        lines: list[tuple[Point, Point, Color, float]] = []
        for drawing in drawings:
            match drawing:
                case Points():
                    places = _transformed(drawing.positions, to_stage)
                    dots += [(place, drawing.color, drawing.size) for place in places]
                case Polyline():
                    places = _transformed(drawing.points, to_stage)
                    ends = [*places, places[0]] if drawing.closed else places
                    lines += [(a, b, drawing.color, drawing.width) for a, b in pairwise(ends)]
        if dots:
            positions, colors, sizes = zip(*dots, strict=True)
            self._interface.draw_points(list(positions), list(colors), list(sizes))
        if lines:
            starts, stops, colors, widths = zip(*lines, strict=True)
            self._interface.draw_lines(list(starts), list(stops), list(colors), list(widths))

    def clear(self) -> None:
        """Draw nothing."""
        self._interface.clear_points()
        self._interface.clear_lines()


def _transformed(points: FloatArray, to_stage: FloatArray) -> list[Point]:
    moved = np.column_stack([points, np.ones(len(points))]) @ to_stage
    return [(x, y, z) for x, y, z, _ in moved.tolist()]
