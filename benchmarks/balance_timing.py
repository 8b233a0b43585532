"""What a tick of the controller and a second of walking cost on one core."""

import os
import time
from collections.abc import Callable

import numpy as np
from balance_arms import reach_to_and_fro
from balance_report import Row, Settings
from balance_robot import BenchmarkRobot, Conditions, robot_after_settling

from vla_humanoid.schema import JointCommand, RobotState

SECONDS = 20.0
REPEATS = 5
"""Of the simulation's speed, of which the spread is reported."""


class Stopwatch:
    """Times every call of a robot's controller, by the wall clock and by the processor's [ms]."""

    def __init__(self, robot: BenchmarkRobot) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []
        self._command: Callable[[RobotState], JointCommand] = robot.controller.command
        vars(robot.controller)["command"] = self._timed

    def _timed(self, state: RobotState) -> JointCommand:
        wall, cpu = time.perf_counter(), time.process_time()
        command = self._command(state)
        self.wall.append(1e3 * (time.perf_counter() - wall))
        self.cpu.append(1e3 * (time.process_time() - cpu))
        return command

    def describe(self) -> str:
        """Return median and 99th percentile."""
        wall, cpu = (np.percentile(times, [50, 99]) for times in (self.wall, self.cpu))
        return (
            f"median {wall[0]:.2f} ms, 99th percentile {wall[1]:.2f} ms "
            f"(processor time {cpu[0]:.2f} and {cpu[1]:.2f} ms), {len(self.wall)} ticks"
        )


def measure_tick(settings: Settings) -> list[Row]:
    """Return how long the controller takes, and how much faster than real time a walk runs."""
    if hasattr(os, "sched_setaffinity"):
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(before)})
        rows = _tick_rows(settings)
        os.sched_setaffinity(0, before)
        return rows
    return _tick_rows(settings)


def _tick_rows(settings: Settings) -> list[Row]:
    seconds = max(1.0, settings.scale * SECONDS)
    standing = robot_after_settling(Conditions())
    stopwatch = Stopwatch(standing)
    reach_to_and_fro(standing, seconds)
    walking = robot_after_settling(Conditions())
    walking_stopwatch = Stopwatch(walking)
    wall, cpu = [], []
    for _ in range(REPEATS):
        start, cpu_start = time.perf_counter(), time.process_time()
        walking.run(seconds / REPEATS, (0.5, 0.0, 0.0))
        wall.append(seconds / REPEATS / (time.perf_counter() - start))
        cpu.append(seconds / REPEATS / (time.process_time() - cpu_start))
    return [
        Row("tick, standing, both wrists moving", "0.6 ms median", stopwatch.describe()),
        Row("tick, walking", "0.6 ms median", walking_stopwatch.describe()),
        Row(
            "speed of a walk without cameras",
            "5 x real time",
            f"{np.median(wall):.1f} [{min(wall):.1f}, {max(wall):.1f}] x real time "
            f"(of processor time {np.median(cpu):.1f} [{min(cpu):.1f}, {max(cpu):.1f}])",
        ),
    ]
