"""Steps per second of the environment, against the limit of what it cannot do without.

The limit counts physics, control and rendering alone, called in the same run with the same inputs;
the rest is the environment's own: observations, judging, bookkeeping.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import gymnasium
import numpy as np
import tyro
from rich.console import Console
from rich.table import Table

from vla_humanoid.control.controllers import BalancedController
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation

PARTS = {
    "physics": (MujocoSimulation, "step"),
    "control": (BalancedController, "command"),
    "rendering": (MujocoSimulation, "render"),
}


@dataclass
class Measurement:
    """Seconds spent, in all and by part, over a number of steps."""

    steps: int = 0
    total: float = 0.0
    parts: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))


@contextmanager
def timed_parts(measurement: Measurement) -> Iterator[None]:
    """Add the time that each part takes to a measurement."""
    originals = {name: getattr(owner, method) for name, (owner, method) in PARTS.items()}
    for name, (owner, method) in PARTS.items():
        setattr(owner, method, _timed(originals[name], name, measurement))
    yield
    for name, (owner, method) in PARTS.items():
        setattr(owner, method, originals[name])


def _timed(
    original: Callable[..., object], name: str, measurement: Measurement
) -> Callable[..., object]:
    def call(*args: object) -> object:
        start = time.perf_counter()
        result = original(*args)
        measurement.parts[name] += time.perf_counter() - start
        return result

    return call


def measure(cameras: tuple[str, ...], seeds: range) -> Measurement:
    """Run one expert episode per seed and time its steps."""
    env = gymnasium.make("VLAHumanoid-PickPlace-v0", cameras=cameras, disable_env_checker=True)
    bare = env.unwrapped
    assert isinstance(bare, HumanoidEnv)
    expert, measurement = Expert(bare), Measurement()
    for seed in seeds:
        env.reset(seed=seed)
        expert.reset()
        over = False
        while not over:
            action = expert.act()
            with timed_parts(measurement):
                start = time.perf_counter()
                _, _, terminated, truncated, _ = env.step(action)
                measurement.total += time.perf_counter() - start
            measurement.steps += 1
            over = terminated or truncated or expert.gave_up is not None
    env.close()
    return measurement


def main(repeats: int = 5, episodes: int = 3) -> None:
    """Print steps per second with and without cameras.

    Args:
        repeats: how often each setting is measured.
        episodes: expert episodes per measurement.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    table = Table(title=f"PickPlace on one core, median of {repeats} runs [min, max]")
    for column in ("cameras", "steps/s", "limit", *(f"{part} [ms]" for part in PARTS), "rest [ms]"):
        table.add_column(column, justify="right")
    for cameras in ((), ("head", "right_wrist")):
        runs = [measure(cameras, range(episodes)) for _ in range(repeats)]
        rates = [run.steps / run.total for run in runs]
        parts = {p: np.median([1e3 * run.parts[p] / run.steps for run in runs]) for p in PARTS}
        whole = np.median([1e3 * run.total / run.steps for run in runs])
        needed = float(sum(parts.values()))
        table.add_row(
            f"{len(cameras)} x 224",
            f"{np.median(rates):.1f} [{min(rates):.1f}, {max(rates):.1f}]",
            f"{1e3 / needed:.1f}",
            *(f"{value:.2f}" for value in parts.values()),
            f"{whole - needed:.2f}",
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    tyro.cli(main)
