"""Steps per second of the environment, against the limit of what it cannot do without.

The limit counts physics, control and rendering alone, called in the same run with the same inputs;
the rest is the environment's own: observations, judging, bookkeeping.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

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


def measure_peer(python: Path) -> list[float]:
    """Return a peer's steps per second without and with two cameras, from its own environment."""
    script = Path(__file__).with_name("peer_robosuite.py")
    run = subprocess.run([python, script], capture_output=True, text=True, check=True)
    return [float(rate) for rate in run.stdout.split()[-2:]]


def main(repeats: int = 5, episodes: int = 3, peer_python: Path | None = None) -> None:
    """Print steps per second with and without cameras.

    Args:
        repeats: how often each setting is measured.
        episodes: expert episodes per measurement.
        peer_python: Python of an environment with robosuite, to compare with in the same run; see
            peer_robosuite.py.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    table = Table(title=f"PickPlace on one core, median of {repeats} runs [min, max]")
    columns = ("cameras", "steps/s", "limit", *(f"{part} [ms]" for part in PARTS), "rest [ms]")
    for column in columns if peer_python is None else (*columns, "peer's steps/s"):
        table.add_column(column, justify="right")
    settings: tuple[tuple[str, ...], ...] = ((), ("head", "right_wrist"))
    ours: list[list[Measurement]] = [[] for _ in settings]
    peers: list[list[float]] = []
    for _ in range(repeats):  # In turns, so that the machine's moods meet all of them.
        for runs, cameras in zip(ours, settings, strict=True):
            runs.append(measure(cameras, range(episodes)))
        if peer_python is not None:
            peers.append(measure_peer(peer_python))
    for i, (runs, cameras) in enumerate(zip(ours, settings, strict=True)):
        row = describe(runs)
        if peers:
            row.append(spread([rates[i] for rates in peers]))
        table.add_row(f"{len(cameras)} x 224", *row)
    Console(width=120).print(table)


def describe(runs: list[Measurement]) -> list[str]:
    """Return the cells of a row: rate, limit, each part and the rest."""
    parts = [np.median([1e3 * run.parts[part] / run.steps for run in runs]) for part in PARTS]
    whole = np.median([1e3 * run.total / run.steps for run in runs])
    needed = float(sum(parts))
    return [
        spread([run.steps / run.total for run in runs]),
        f"{1e3 / needed:.1f}",
        *(f"{value:.2f}" for value in parts),
        f"{whole - needed:.2f}",
    ]


def spread(values: list[float]) -> str:
    """Return the median with the smallest and the largest value."""
    return f"{np.median(values):.1f} [{min(values):.1f}, {max(values):.1f}]"


if __name__ == "__main__":
    tyro.cli(main)
