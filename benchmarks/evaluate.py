"""How many episodes a minute `evaluate` counts, and what CPU time each of them takes."""

import tempfile
import time
from pathlib import Path

import numpy as np
import tyro
from rich.console import Console

from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.run import evaluate


def main(
    policy: str = "expert", task: str = "PickPlace", episodes: int = 80, workers: int = 2
) -> None:
    """Print episodes per minute on the wall clock, and CPU time per episode.

    The wall clock counts from the start of the workers on, as a user waits; a machine that has
    other work to do shows in it and not in the CPU time.

    Args:
        policy: what acts; without images unless it wants some.
        task: name of the task.
        episodes: how many.
        workers: processes.
    """
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        found = evaluate(EvaluationConfig(policy), (task,), episodes, Path(folder), workers=workers)
        seconds = time.perf_counter() - start
    cpu = np.array([one.cpu_seconds for one in found.episodes])
    simulated = np.array([one.seconds for one in found.episodes])
    low, median, high = np.percentile(cpu, [5, 50, 95])
    console = Console()
    console.print(
        f"{policy} on {task}, {episodes} episodes, {workers} workers: "
        f"{60.0 * episodes / seconds:.1f} episodes a minute"
    )
    console.print(
        f"CPU time of an episode {median:.2f} s ({low:.2f} to {high:.2f}), "
        f"{simulated.sum() / cpu.sum():.1f} times faster than real time; CPU time alone would "
        f"allow {60.0 * workers / cpu.mean():.0f} episodes a minute"
    )


if __name__ == "__main__":
    tyro.cli(main)
