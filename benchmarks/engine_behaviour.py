"""How the balance layer and the expert fare in an engine, beside MuJoCo."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from balance_report import Row, Settings, share, spread
from balance_robot import BODY_AXES, BenchmarkRobot, Conditions, Odometer, robot_after_settling

from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import rollout
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import SIDES
from vla_humanoid.sims.engine_names import ENGINES, Engine

RUNS, EPISODES = 20, 50
STANDING, WALKING = 10.0, 10.0
"""[s]"""
COMMANDS = ((0.3, 0.0, 0.0), (0.2, 0.0, 0.4), (0.0, 0.15, 0.0), (-0.15, 0.0, -0.3))
"""Ahead, to the left [m/s], turning left [rad/s]; runs take them in turns."""
FIRST_EPISODE = 1_000_000
"""Seeds of episodes are this, more the first seed that was asked for, and those that follow."""


@dataclass(frozen=True)
class Stand:
    """What came of a stand.

    Args:
        fell: whether the robot did.
        load_error: of the mean vertical force of the feet against the weight, as a share of it.
        load_ripple: the same at one moment; 95 % of the moments have less.
        drift: of the pelvis, seen from above [m].
    """

    fell: bool
    load_error: float
    load_ripple: float
    drift: float


class _Loads:
    """Adds up what the feet bear."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def __call__(self, robot: BenchmarkRobot) -> None:
        wrenches = robot.state.foot_wrenches
        self.values.append(sum(float(wrenches[side][2]) for side in SIDES))


def stand(job: tuple[Engine, int]) -> Stand:
    """Stand still, as a robot whose motors, friction and posture are randomized."""
    engine, seed = job
    robot, loads = robot_after_settling(Conditions(seed, BODY_AXES, engine=engine)), _Loads()
    start = robot.state.base.pose.position[:2].copy()
    fell = not robot.run(STANDING, watch=loads)
    weight = robot.controller.model.mass * 9.81
    errors = np.array(loads.values) / weight - 1.0
    return Stand(
        fell=fell,
        load_error=float(errors.mean()),
        load_ripple=float(np.percentile(np.abs(errors), 95)),
        drift=float(np.linalg.norm(robot.state.base.pose.position[:2] - start)),
    )


def walk(job: tuple[Engine, int]) -> tuple[bool, float]:
    """Walk at one command; return whether the robot fell, and its velocity's error [m/s]."""
    engine, seed = job
    robot, odometer = robot_after_settling(Conditions(seed, BODY_AXES, engine=engine)), Odometer()
    command = COMMANDS[seed % len(COMMANDS)]
    fell = not robot.run(WALKING, command, watch=odometer)
    off = np.abs(odometer.velocity(2.0)[:2] - command[:2])
    return fell, float(off.max())


def attempt(job: tuple[Engine, int]) -> str | None:
    """Let the expert pick and place, everything randomized; return why it failed, if it did."""
    engine, seed = job
    env = make_env("VLAHumanoid-PickPlace-v0", {"cameras": (), "engine": engine})
    bare = env.unwrapped
    assert isinstance(bare, HumanoidEnv)
    outcome = rollout(env, Expert(bare), seed)
    env.close()
    return None if outcome.success else str(outcome.failure)


def measure_standing(settings: Settings) -> list[Row]:
    """Return falls, loads of the feet and drift of robots that stand."""
    rows: list[Row] = []
    for engine in ENGINES:
        jobs = _jobs(engine, settings.seeds(RUNS))
        stands = settings.run_all(stand, jobs, f"standing, {engine}")
        errors = [abs(one.load_error) for one in stands]
        rows += [
            Row(
                f"{engine}: falls in {STANDING:.0f} s of standing",
                "0/20",
                share(sum(one.fell for one in stands), len(stands)),
            ),
            Row(
                f"{engine}: mean foot forces of a stand against the weight, off by",
                "2 %",
                f"{100.0 * max(errors):.3f} % at most",
            ),
            Row(
                f"{engine}: foot forces at 95 % of the moments, off by",
                "",
                f"{100.0 * max(one.load_ripple for one in stands):.3f} % at most",
            ),
            Row(
                f"{engine}: drift of the pelvis",
                "",
                spread([one.drift for one in stands], "mm", 1e3),
            ),
        ]
    return rows


def measure_walking(settings: Settings) -> list[Row]:
    """Return falls and errors of velocity of robots that walk."""
    rows: list[Row] = []
    for engine in ENGINES:
        jobs = _jobs(engine, settings.seeds(RUNS))
        walks = settings.run_all(walk, jobs, f"walking, {engine}")
        rows += [
            Row(
                f"{engine}: falls in {WALKING:.0f} s of walking",
                "0/20",
                share(sum(fell for fell, _ in walks), len(walks)),
            ),
            Row(
                f"{engine}: velocity off by",
                "",
                spread([off for fell, off in walks if not fell], "cm/s", 100.0),
            ),
        ]
    return rows


def measure_expert(settings: Settings) -> list[Row]:
    """Return the successes of the expert and the reasons of its failures."""
    rows: list[Row] = []
    for engine in ENGINES:
        jobs = _jobs(engine, settings.seeds(EPISODES), FIRST_EPISODE)
        failures = settings.run_all(attempt, jobs, f"expert, {engine}")
        reasons = Counter(failure for failure in failures if failure is not None)
        why = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
        measured = share(failures.count(None), len(failures))
        rows.append(
            Row(f"{engine}: PickPlace expert", "90 %", f"{measured}{f' ({why})' if why else ''}")
        )
    return rows


def _jobs(engine: Engine, seeds: range, first: int = 0) -> list[tuple[Engine, int]]:
    return [(engine, first + seed) for seed in seeds]
