"""What the hands do while the rest of the body keeps the balance: reaching and carrying."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from balance_report import Row, Settings, share, spread
from balance_robot import BODY_AXES, BenchmarkRobot, Conditions, robot_after_settling

from vla_humanoid.assets.postures import READY_PELVIS_POSITION
from vla_humanoid.assets.scene import Table
from vla_humanoid.control.footsteps import turned
from vla_humanoid.data_collection.skills.grasps import wrist_for_pinch
from vla_humanoid.schema import SIDES, FloatArray, Pose
from vla_humanoid.tasks.core.reach import reaches

REACHING_RUNS, TARGETS = 20, 10
REGION = ((0.28, 0.46), (0.02, 0.35), (0.05, 0.25))
"""Of the left hand's pinch: x, y and z over the table top; mirrored for the right one [m]."""
HEADINGS = (-0.6, 0.3)
"""Of the left hand, palm down [rad]."""
SETTLED = 2.5
"""From a new target to where the error counts [s]."""
COUNTED = 0.5
"""For which it counts [s]."""

CARRYING_RUNS = 100
LOADS = {"1 kg in each hand": {"left": 1.0, "right": 1.0}, "2 kg in one hand": {"right": 2.0}}
DISTANCE, SPEED = 2.0, 0.4
"""[m] ahead, [m/s]"""
SLOWEST = 0.5
"""Share of the speed at which the distance has to be covered."""
ALLOWED = 0.05
"""Largest deviation of a wrist from its pose seen from the body [m]."""


class WristErrors:
    """Distances of a wrist from its target in the stance frame at every tick [m]."""

    def __init__(self, side: str) -> None:
        self._side = side
        self.distances: list[float] = []

    def __call__(self, robot: BenchmarkRobot) -> None:
        """Take in the state of a tick."""
        goal = robot.controller.stance.to_world(robot.target.wrists[self._side])
        wrist = robot.state.links[f"{self._side}_wrist_yaw_link"]
        self.distances.append(float(np.linalg.norm(goal.position - wrist.position)))


def reach_over_table(seed: int) -> tuple[bool, list[float]]:
    """Reach for targets one after another; return whether the robot stood, and the errors [m]."""
    table = Table()
    robot = robot_after_settling(Conditions(seed, BODY_AXES, table=table))
    rng, rest, errors = np.random.default_rng(seed), robot.target, list[float]()
    for _ in range(TARGETS):
        side = SIDES[int(rng.integers(len(SIDES)))]
        wrists = {**rest.wrists, side: _target(side, table.height, rng)}
        robot.target = replace(rest, wrists=wrists)
        watch = WristErrors(side)
        if not (robot.run(SETTLED) and robot.run(COUNTED, watch=watch)):
            return False, errors
        errors.append(float(np.median(watch.distances)))
    return True, errors


def _target(side: str, table_height: float, rng: np.random.Generator) -> Pose:
    mirror = 1.0 if side == "left" else -1.0
    while True:
        x, y, z = (float(rng.uniform(*bounds)) for bounds in REGION)
        pinch = (x, mirror * y, table_height + z)
        heading = mirror * float(rng.uniform(*HEADINGS))
        if reaches(side, pinch):
            return wrist_for_pinch(side, np.array(pinch), heading)


def measure_reaching(settings: Settings) -> list[Row]:
    """Return how near wrists come to targets over a table."""
    runs = settings.run_all(reach_over_table, settings.seeds(REACHING_RUNS), "reaching")
    errors = [error for _, some in runs for error in some]
    near = sum(error < 0.015 for error in errors)
    return [
        Row("reaching over a table: wrist error", "1.5 cm median", spread(errors, "cm", 100.0)),
        Row("reaching over a table: within 1.5 cm", "", share(near, len(errors))),
        Row("reaching over a table: falls", "", share(sum(not ok for ok, _ in runs), len(runs))),
    ]


def reach_to_and_fro(
    robot: BenchmarkRobot,
    seconds: float,
    watch: Callable[[BenchmarkRobot], None] | None = None,
) -> None:
    """Move both wrists ahead and back, up and down, on a circle of 10 cm radius once in 2 s."""
    rest, dt = robot.target, robot.controller.config.dt
    for tick in range(round(seconds / dt)):
        phase = 2.0 * np.pi * 0.5 * tick * dt
        offset = np.array([0.10 - 0.10 * np.cos(phase), 0.0, 0.10 * np.sin(phase)])
        wrists = {
            side: Pose(pose.position + offset, pose.quat_wxyz) for side, pose in rest.wrists.items()
        }
        robot.target = replace(rest, wrists=wrists)
        robot.run(dt, watch=watch)


class CarriedPose:
    """Largest deviation of the wrists from where they began, seen from the pelvis [m].

    Arms sway with the body by design: they are judged in a frame that is under the pelvis, heads
    as the feet do and stays on the floor.
    """

    def __init__(self) -> None:
        self.largest = 0.0
        self.errors: list[float] = []

    def __call__(self, robot: BenchmarkRobot) -> None:
        """Take in the state of a tick."""
        errors = [
            float(np.linalg.norm(_from_pelvis(robot, side) - _wanted(robot, side)))
            for side in SIDES
        ]
        self.errors.append(max(errors))
        self.largest = max(self.largest, *errors)


def _from_pelvis(robot: BenchmarkRobot, side: str) -> FloatArray:
    stance, pelvis = robot.controller.stance, robot.state.base.pose.position
    wrist = robot.state.links[f"{side}_wrist_yaw_link"].position
    horizontal = turned(wrist[:2] - pelvis[:2], -stance.yaw)
    return np.array([*horizontal, wrist[2] - stance.origin[2]])


def _wanted(robot: BenchmarkRobot, side: str) -> FloatArray:
    return robot.target.wrists[side].position - (READY_PELVIS_POSITION[0], 0.0, 0.0)


def carry(job: tuple[int, str]) -> tuple[bool, float, float]:
    """Walk with loads in the hands and stop.

    Returns:
        Whether the robot arrived on its feet; the largest and the median deviation of a wrist [m].
    """
    seed, load = job
    robot = robot_after_settling(Conditions(seed, BODY_AXES, hand_loads=LOADS[load]))
    robot.run(1.5)
    watch, start = CarriedPose(), robot.state.base.pose.position[:2]
    longest, begin = DISTANCE / (SLOWEST * SPEED), robot.time

    def covered() -> float:
        return float(np.linalg.norm(robot.state.base.pose.position[:2] - start))

    upright = True
    while upright and covered() < DISTANCE and robot.time < begin + longest:
        upright = robot.run(0.1, (SPEED, 0.0, 0.0), watch=watch)
    arrived = covered() >= DISTANCE
    upright = upright and robot.run(2.0, watch=watch)
    return upright and arrived, watch.largest, float(np.median(watch.errors))


def measure_carrying(settings: Settings) -> list[Row]:
    """Return how often loads are carried without a fall and with the hands where they were."""
    rows = []
    for load in LOADS:
        jobs = [(seed, load) for seed in settings.seeds(CARRYING_RUNS)]
        runs = settings.run_all(carry, jobs, f"carrying {load}")
        good = sum(arrived and largest <= ALLOWED for arrived, largest, _ in runs)
        arrived = sum(arrived for arrived, _, _ in runs)
        rows += [
            Row(f"carrying {load} over 2 m", "95 %", share(good, len(runs))),
            Row(
                f"carrying {load}: arrived; wrist off",
                "",
                f"{share(arrived, len(runs))}; at most "
                f"{spread([largest for _, largest, _ in runs], 'cm', 100.0)}, "
                f"median {spread([median for *_, median in runs], 'cm', 100.0)}",
            ),
        ]
    return rows
