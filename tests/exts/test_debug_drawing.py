"""Drawings on their way to Isaac Sim's debug drawing."""

from __future__ import annotations

import numpy as np
import pytest

from vla_humanoid.viewer.primitives import Points, Polyline

RED, BLUE = (1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0)
SAME = np.eye(4)
TRIANGLE = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 2.0, 0.0]])


@pytest.mark.usefixtures("kit")
def test_dots_and_lines_are_drawn_and_replaced() -> None:
    from isaacsim.util.debug_draw import _debug_draw
    from vla_humanoid_isaac.debug_drawing import DebugDrawing

    drawn = _debug_draw.acquire_debug_draw_interface()
    drawing = DebugDrawing()
    dots = Points("ZMP", np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]), RED, 12.0)
    drawing.show([dots, Polyline("CoM", TRIANGLE, BLUE, 2.0)], SAME)
    assert drawn.points == [((0.1, 0.2, 0.3), RED, 12.0), ((0.4, 0.5, 0.6), RED, 12.0)]
    a, b, c = (tuple(corner) for corner in TRIANGLE.tolist())
    assert drawn.lines == [(a, b, BLUE, 2.0), (b, c, BLUE, 2.0)]
    drawing.show([Polyline("support polygon", TRIANGLE, RED, 3.0, closed=True)], SAME)
    assert drawn.points == []
    assert drawn.lines == [(a, b, RED, 3.0), (b, c, RED, 3.0), (c, a, RED, 3.0)]
    drawing.clear()
    assert drawn.lines == []


@pytest.mark.usefixtures("kit")
def test_drawings_follow_the_stage() -> None:
    from isaacsim.util.debug_draw import _debug_draw
    from vla_humanoid_isaac.debug_drawing import DebugDrawing

    to_stage = np.diag([100.0, 100.0, 100.0, 1.0])  # Centimetres.
    DebugDrawing().show([Points("DCM", np.array([[0.01, 0.0, 1.0]]), RED, 5.0)], to_stage)
    ((place, _, _),) = _debug_draw.acquire_debug_draw_interface().points
    assert place == pytest.approx((1.0, 0.0, 100.0))
