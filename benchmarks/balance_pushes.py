"""Pushes of 0.1 s at the torso, standing and walking, with each layer of the balance controller."""

import math
from dataclasses import dataclass, replace

from balance_report import Row, Settings, share
from balance_robot import BODY_AXES, Conditions, robot_after_settling

from vla_humanoid.control.balance_config import BalanceConfig

PUSH_TIME = 0.1
"""[s]"""
DIRECTIONS = 8
ROBOTS = 3
"""Per direction, each with another randomization."""
PHASES = 4
"""Moments within a double step at which a walking robot is pushed."""
WALKING_SPEED = 0.5
"""[m/s] ahead."""
AFTERWARDS = 4.0
"""Time for which the robot has to stay on its feet, walking on if it walked, then as long standing
[s]."""
WANTED = {("standing", "ankles + momentum"): 6.0, ("standing", "+ stepping"): 12.0} | {
    ("walking", "+ stepping"): 6.0
}
"""Impulse to be survived from every direction [N s]."""


def layers() -> dict[str, BalanceConfig]:
    """Return the controller with one means of balance after another."""
    whole = BalanceConfig()
    planted = replace(whole.gait, escape=math.inf, adapts_steps=False)
    return {
        "ankles": replace(whole, gait=planted, momentum_reach=0.0),
        "ankles + momentum": replace(whole, gait=planted),
        "+ stepping": whole,
    }


@dataclass(frozen=True)
class PushJob:
    """One push; see `pushed`.

    Args:
        seed: of the robot and the floor.
        layer: a key of `layers`.
        impulse: [N s].
        direction: 0 from behind, counted to the left.
        walking: whether the robot walks.
        phase: how far into a double step, of `PHASES`.
    """

    seed: int
    layer: str
    impulse: float
    direction: int
    walking: bool
    phase: int


def pushed(job: PushJob) -> bool:
    """Push a robot; return whether it is still on its feet a good while later."""
    config = layers()[job.layer]
    robot = robot_after_settling(Conditions(job.seed, BODY_AXES, config=config))
    velocity = (WALKING_SPEED if job.walking else 0.0, 0.0, 0.0)
    if job.walking:
        period = 2.0 * (config.gait.single_support + config.gait.double_support)
        if not robot.run(2.0 + period * job.phase / PHASES, velocity):
            return False
    angle = 2.0 * math.pi * job.direction / DIRECTIONS
    force = job.impulse / PUSH_TIME
    return (
        robot.run(PUSH_TIME, velocity, (force * math.cos(angle), force * math.sin(angle), 0.0))
        and robot.run(AFTERWARDS, velocity)
        and robot.run(AFTERWARDS)
    )


def measure_pushes(settings: Settings) -> list[Row]:
    """Return the curves of survival over the impulse, standing and walking, layer by layer."""
    rows = []
    for walking in (False, True):
        for layer in layers():
            jobs = [
                PushJob(seed, layer, impulse, direction, walking, phase)
                for impulse in settings.impulses
                for direction in range(DIRECTIONS)
                for seed in settings.seeds(ROBOTS)
                for phase in (range(PHASES) if walking else (0,))
            ]
            state = "walking" if walking else "standing"
            survived = settings.run_all(pushed, jobs, f"pushes {state}, {layer}")
            rows.append(_row(state, layer, jobs, survived))
    return rows


def _row(state: str, layer: str, jobs: list[PushJob], survived: list[bool]) -> Row:
    lines = []
    for impulse in sorted({job.impulse for job in jobs}):
        tries: dict[int, list[bool]] = {direction: [] for direction in range(DIRECTIONS)}
        for job, success in zip(jobs, survived, strict=True):
            if job.impulse == impulse:
                tries[job.direction].append(success)
        successes = sum(map(sum, tries.values()))
        by_direction = " ".join(str(sum(tries[direction])) for direction in tries)
        lines.append(
            f"{impulse:4g} N s  {share(successes, sum(map(len, tries.values())))}"
            f"  by direction {by_direction}"
        )
    wanted = WANTED.get((state, layer))
    return Row(
        f"pushes survived {state}, {layer}",
        "" if wanted is None else f"all of {wanted:g} N s",
        "\n".join(lines),
    )
