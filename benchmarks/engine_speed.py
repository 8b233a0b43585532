"""How much faster than real time one environment runs in an engine, on one core.

Both engines compute in the calling thread alone, so its processor time is what a free core would
take; of what neighbours do it counts only what they do to the caches.
"""

import os
import time

import numpy as np
from balance_report import Row, Settings

from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import POLICY_RATE
from vla_humanoid.sims.engine_names import ENGINES

STEPS, REPEATS, RESETS = 60, 7, 5


def measure_speed(settings: Settings) -> list[Row]:
    """Time a standing robot before a table with things on it, no images."""
    if not hasattr(os, "sched_setaffinity"):
        return _measure(settings)
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        return _measure(settings)
    finally:
        os.sched_setaffinity(0, cores)  # Sections that follow may use them all.


def _measure(settings: Settings) -> list[Row]:
    rows: list[Row] = []
    envs = {engine: HumanoidEnv("PickPlace", cameras=(), engine=engine) for engine in ENGINES}
    seconds: dict[str, list[float]] = {engine: [] for engine in envs}
    for repeat in range(settings.runs(REPEATS)):  # In turns, so that the machine's moods meet both.
        for engine, env in envs.items():
            env.reset(seed=repeat)
            seconds[engine].append(_step_time(env))
    for engine, env in envs.items():
        rates = [1.0 / (POLICY_RATE * duration) for duration in seconds[engine]]
        rows.append(
            Row(
                f"{engine}: one environment with the balance layer, standing",
                "2 x real time",
                f"{np.median(rates):.1f} [{min(rates):.1f}, {max(rates):.1f}] x real time",
            )
        )
        rows.append(Row(f"{engine}: reset to another episode", "", f"{_reset_time(env):.2f} s"))
        env.close()
    return rows


def _step_time(env: HumanoidEnv) -> float:
    """Return how long a step takes [s] while the robot holds what it is told at first."""
    action = np.zeros(env.action_spec.dim, dtype=np.float32)
    for _ in range(5):
        env.step(action)
    start = time.thread_time()
    for _ in range(STEPS):
        env.step(action)
    return (time.thread_time() - start) / STEPS


def _reset_time(env: HumanoidEnv) -> float:
    durations: list[float] = []
    for seed in range(RESETS):
        start = time.thread_time()
        env.reset(seed=seed)
        durations.append(time.thread_time() - start)
    return float(np.median(durations))
