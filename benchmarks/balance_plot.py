"""Draws planned and measured ZMP, DCM and CoM of a walk with a push, for docs/balance.md.

It needs matplotlib: ``pip install -e ".[dev]"``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tyro
from balance_robot import BenchmarkRobot, Conditions, robot_after_settling
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from PIL import Image

from vla_humanoid.control.balance_state import support_polygon
from vla_humanoid.control.gait import GaitInput, GaitReference, Phase
from vla_humanoid.schema import SIDES, FloatArray

VELOCITY = (0.4, 0.0, 0.0)
BEFORE, AFTER, STOPPING = 2.55, 1.9, 1.6
"""Time walked before the push, walked after it, and left to stop [s]."""
PUSH_TIME, PUSH = 0.1, (0.0, 50.0, 0.0)
"""[s], [N]"""
COLORS = {"ZMP": "#c0392b", "DCM": "#2471a3", "CoM": "#1e8449"}
OUTPUT = Path(__file__).parents[1] / "docs" / "images" / "balance.png"


@dataclass
class Recording:
    """What a run showed at every tick.

    Args:
        times: [s].
        measured, planned: by "ZMP", "DCM" and "CoM", points [m], world frame, each shape (2,).
        footprints: outlines of soles on the ground [m], each shape (n, 2).
    """

    times: list[float] = field(default_factory=list)
    measured: dict[str, list[FloatArray]] = field(default_factory=lambda: {k: [] for k in COLORS})
    planned: dict[str, list[FloatArray]] = field(default_factory=lambda: {k: [] for k in COLORS})
    footprints: list[FloatArray] = field(default_factory=list)


class Recorder:
    """Records a robot's balance and what its gait plans."""

    def __init__(self, robot: BenchmarkRobot) -> None:
        self.recording = Recording()
        gait = robot.controller.gait
        self._advance: Callable[[GaitInput, FloatArray], GaitReference] = gait.advance
        vars(gait)["advance"] = self._advanced
        self._planned_com = robot.controller.balance.com[:2]
        self._phase = Phase.STANDING
        self._add_footprints(robot, SIDES)

    def _advanced(self, now: GaitInput, command: FloatArray) -> GaitReference:
        self._reference = self._advance(now, command)
        return self._reference

    def __call__(self, robot: BenchmarkRobot) -> None:
        """Take in the state of a tick."""
        controller, recording = robot.controller, self.recording
        balance, reference = controller.balance, self._reference
        # A pendulum whose DCM is as planned has its CoM follow it: dc/dt = omega (xi - c).
        step = balance.omega * controller.config.dt
        self._planned_com = self._planned_com + step * (reference.dcm - self._planned_com)
        recording.times.append(robot.time)
        points = {"ZMP": balance.zmp, "DCM": balance.dcm, "CoM": balance.com[:2]}
        plans = {"ZMP": reference.zmp, "DCM": reference.dcm, "CoM": self._planned_com}
        for name in COLORS:
            recording.measured[name].append(points[name])
            recording.planned[name].append(plans[name])
        phase = controller.gait.phase
        if phase is Phase.SINGLE_SUPPORT and self._phase is not phase:
            self._add_footprints(robot, (controller.gait.support_side,))
        self._phase = phase

    def finish(self, robot: BenchmarkRobot) -> None:
        """Take in where the feet stand in the end."""
        self._add_footprints(robot, SIDES)

    def _add_footprints(self, robot: BenchmarkRobot, sides: tuple[str, ...]) -> None:
        for side in sides:
            outline = support_polygon({side: robot.controller.model.sole(side)}).vertices
            self.recording.footprints.append(outline)


def record() -> tuple[Recording, float]:
    """Walk, be pushed to the left, walk on, stop; return the recording and when the push came."""
    robot = robot_after_settling(Conditions())
    recorder = Recorder(robot)
    robot.run(BEFORE, VELOCITY, watch=recorder)
    pushed = robot.time
    robot.run(PUSH_TIME, VELOCITY, PUSH, recorder)
    upright = robot.run(AFTER, VELOCITY, watch=recorder) and robot.run(STOPPING, watch=recorder)
    if not upright:
        raise SystemExit("The robot fell: a plot of this run would show no walk.")
    recorder.finish(robot)
    return recorder.recording, pushed


def draw_from_above(axes: Axes, recording: Recording) -> None:
    """Draw footprints and paths as seen from above."""
    for outline in recording.footprints:
        axes.add_patch(Polygon(outline.tolist(), facecolor="#f2f3f4", edgecolor="#95a5a6", lw=0.8))
    for name, color in COLORS.items():
        for points, style in ((recording.planned[name], "--"), (recording.measured[name], "-")):
            x, y = np.array(points).T
            width = 0.9 if style == "--" else 1.1
            axes.plot(x, y, style, color=color, lw=width)
    axes.set_aspect("equal")
    axes.set_xlabel("x [m]")
    axes.set_ylabel("y [m]")
    axes.set_title("From above: solid measured, dashed planned", fontsize="medium")


def draw_over_time(axes: Axes, recording: Recording, row: int, pushed: float) -> None:
    """Draw one coordinate over time."""
    axes.axvspan(pushed, pushed + PUSH_TIME, color="#f9e79f", label="push")
    for name, color in COLORS.items():
        planned, measured = (
            np.array(points)[:, row]
            for points in (recording.planned[name], recording.measured[name])
        )
        axes.plot(recording.times, planned, "--", color=color, lw=0.9)
        axes.plot(recording.times, measured, color=color, lw=1.1, label=name)
    axes.set_ylabel(f"{'xy'[row]} [m]")
    axes.set_xlim(recording.times[0], recording.times[-1])
    axes.grid(alpha=0.3)


def main(output: Path = OUTPUT) -> None:
    """Draw the figure.

    Args:
        output: a PNG file.
    """
    recording, pushed = record()
    figure = Figure((9.0, 9.0), dpi=110, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.subplots(3, 1, height_ratios=(1.0, 1.1, 1.1))
    above, lateral, ahead = axes
    draw_from_above(above, recording)
    draw_over_time(lateral, recording, 1, pushed)
    draw_over_time(ahead, recording, 0, pushed)
    lateral.legend(loc="upper left", ncols=4, fontsize="small")
    ahead.set_xlabel("time [s]")
    output.parent.mkdir(parents=True, exist_ok=True)
    canvas.draw()
    # A palette keeps the file small.
    Image.fromarray(np.asarray(canvas.buffer_rgba())).quantize(64).save(output, optimize=True)


if __name__ == "__main__":
    tyro.cli(main)
