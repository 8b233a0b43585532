"""Walking at constant and at random commands: falls, and whether the velocity is the commanded."""

from dataclasses import dataclass

import numpy as np
from balance_report import Row, Settings, share, spread
from balance_robot import BODY_AXES, Conditions, Odometer, robot_after_settling

from vla_humanoid.control.gait_config import GaitConfig
from vla_humanoid.schema import FloatArray
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES

Velocity = tuple[float, float, float]

COMMANDS: dict[str, Velocity] = {
    "0.5 m/s ahead": (0.5, 0.0, 0.0),
    "0.2 m/s sideways": (0.0, 0.2, 0.0),
    "0.5 rad/s turning": (0.0, 0.0, 0.5),
}
SECONDS = 20.0
GETTING_GOING = 2.0
"""What the velocity error leaves out at first [s]."""
RUNS, LONG_RUNS = 100, 20
HOLD_TIMES = (1.0, 4.0)
"""For how long a random command holds [s]."""
STANDING_SHARE = 0.15
"""Of random commands."""


@dataclass(frozen=True)
class Walk:
    """What came of a walk.

    Args:
        seed: of its randomization.
        seconds: until the robot fell, or the end.
        fell: whether it did.
        velocity: mean after `GETTING_GOING`: ahead, to the left [m/s], turning left [rad/s].
        velocity_from_start: likewise, of all the time.
        recovery_steps, infeasible_solves: how often.
    """

    seed: int
    seconds: float
    fell: bool
    velocity: FloatArray
    velocity_from_start: FloatArray
    recovery_steps: int
    infeasible_solves: int


def walk(job: tuple[int, Velocity]) -> Walk:
    """Walk at one command, with the default randomization of a locomotion task."""
    seed, command = job
    robot, odometer = robot_after_settling(Conditions(seed, DEFAULT_AXES)), Odometer()
    start = robot.time
    fell = not robot.run(SECONDS, command, watch=odometer)
    controller = robot.controller
    return Walk(
        seed=seed,
        seconds=robot.time - start,
        fell=fell,
        velocity=odometer.velocity(GETTING_GOING),
        velocity_from_start=odometer.velocity(),
        recovery_steps=controller.gait.recovery_steps,
        infeasible_solves=controller.infeasible_solves,
    )


def measure_walking(settings: Settings) -> list[Row]:
    """Return falls and velocity errors of constant commands."""
    rows = []
    for name, command in COMMANDS.items():
        jobs = [(seed, command) for seed in settings.seeds(RUNS)]
        walks = settings.run_all(walk, jobs, f"walking {name}")
        rows.append(Row(f"{name}, {SECONDS:.0f} s: falls", "1/100", _falls(walks)))
        rows += _velocity_rows(name, command, [one for one in walks if not one.fell])
    return rows


def _falls(walks: list[Walk]) -> str:
    fallen = [one for one in walks if one.fell]
    infeasible = sum(one.infeasible_solves for one in walks)
    where = ", ".join(f"{one.seed} after {one.seconds:.1f} s" for one in fallen)
    return (
        share(len(fallen), len(walks))
        + (f"; seeds {where}" if fallen else "")
        + (f"; {infeasible} infeasible solves" if infeasible else "")
    )


def _velocity_rows(name: str, command: Velocity, walks: list[Walk]) -> list[Row]:
    axis = int(np.argmax(np.abs(command)))
    late, whole = (
        spread([velocity[axis] / command[axis] - 1.0 for velocity in velocities], "%", 100.0)
        for velocities in (
            [one.velocity for one in walks],
            [one.velocity_from_start for one in walks],
        )
    )
    drift = [one.velocity - command for one in walks]
    others = ", ".join(
        spread([one[other] for one in drift], unit, digits=3)
        for other, unit in enumerate(("m/s ahead", "m/s left", "rad/s"))
        if other != axis
    )
    return [
        Row(f"{name}: velocity error", "15 %", f"{late}; from the start {whole}"),
        Row(f"{name}: drift otherwise", "", others),
    ]


def random_command(rng: np.random.Generator, gait: GaitConfig) -> Velocity:
    """Return a velocity within the limits of the gait, now and then that of a stand."""
    if rng.random() < STANDING_SHARE:
        return 0.0, 0.0, 0.0
    ahead, back, aside, turn = gait.fastest
    while True:
        x, y, z = rng.uniform(-1.0, 1.0, 3)
        if x * x + y * y + z * z <= 1.0:
            return x * (ahead if x > 0.0 else back), y * aside, z * turn


def walk_at_random(job: tuple[int, float]) -> Walk:
    """Walk at random commands for a number of minutes, on a robot and a floor of its own."""
    seed, minutes = job
    conditions = Conditions(seed, BODY_AXES)
    robot, rng = robot_after_settling(conditions), np.random.default_rng(seed)
    start, upright = robot.time, True
    while upright and robot.time < start + 60.0 * minutes:
        command = random_command(rng, conditions.config.gait)
        upright = robot.run(float(rng.uniform(*HOLD_TIMES)), command)
    controller = robot.controller
    return Walk(
        seed=seed,
        seconds=robot.time - start,
        fell=not upright,
        velocity=np.zeros(3),
        velocity_from_start=np.zeros(3),
        recovery_steps=controller.gait.recovery_steps,
        infeasible_solves=controller.infeasible_solves,
    )


def measure_commands(settings: Settings) -> list[Row]:
    """Return falls at random commands."""
    jobs = [(seed, settings.minutes) for seed in settings.seeds(LONG_RUNS)]
    walks = settings.run_all(walk_at_random, jobs, "random commands")
    minutes = sum(one.seconds for one in walks) / 60.0
    return [
        Row(
            f"random commands, {settings.minutes:g} min: falls",
            "0/20",
            f"{_falls(walks)}; {minutes:.1f} min walked, "
            f"{sum(one.recovery_steps for one in walks)} recovery steps",
        )
    ]
