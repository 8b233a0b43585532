"""Success of the experts over fresh seeds, engine beside engine, with intervals and failures.

Every episode is written down as it ends, so that a run that was cut off goes on where it was; the
pages of the tasks are made from that file (`benchmarks/gallery.py`).
"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tyro
from expert_log import Attempt, ExpertLog
from rich.console import Console
from rich.progress import track
from rich.table import Table

from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import rollout
from vla_humanoid.data_collection.statistics import wilson_interval
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import POLICY_RATE
from vla_humanoid.sims.engine_names import Engine
from vla_humanoid.tasks import load_task, task_names

LOG = Path(__file__).parents[1] / "docs" / "tasks" / "experts.csv"
FIRST_SEED = 1_000_000
"""Far from what anyone develops with."""


def attempt(job: tuple[Engine, str, int]) -> Attempt:
    """Run one expert episode without images, everything randomized."""
    engine, task, seed = job
    env = make_env(f"VLAHumanoid-{task}-v0", {"cameras": (), "engine": engine})
    bare = env.unwrapped
    assert isinstance(bare, HumanoidEnv)
    outcome = rollout(env, Expert(bare), seed)
    env.close()
    return Attempt(engine, task, seed, outcome.success, outcome.failure or "", outcome.steps)


def main(
    tasks: tuple[str, ...] = (),
    engine: Engine = "mujoco",
    episodes: int = 100,
    first_seed: int = FIRST_SEED,
    workers: int = 2,
    log: Path = LOG,
    again: bool = False,
) -> None:
    """Run the experts and print how many of their episodes succeed, and why the others do not.

    Args:
        tasks: names of tasks; none stands for all.
        engine: what simulates.
        episodes: how many of each task.
        first_seed: the seeds are this and those that follow.
        workers: processes.
        log: file that every episode is noted in; what is there already is not run again.
        again: forget what the file has about these tasks in this engine.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    names = tasks or task_names()
    for name in names:
        load_task(name)  # Raises, and lists those there are.
    log.parent.mkdir(parents=True, exist_ok=True)
    seeds = range(first_seed, first_seed + episodes)
    attempts = ExpertLog(log).read()
    if again:
        attempts = [one for one in attempts if (one.engine, one.task in names) != (engine, True)]
        ExpertLog(log).rewrite(attempts)
    done = {(one.engine, one.task, one.seed) for one in attempts}
    jobs: list[tuple[Engine, str, int]] = [(engine, name, seed) for seed in seeds for name in names]
    console = Console()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        outcomes = pool.imap_unordered(attempt, [job for job in jobs if job not in done])
        missing = len(set(jobs) - done)
        for one in track(ExpertLog(log).append(outcomes), total=missing, console=console):
            if not one.success:
                console.print(f"{one.task}, seed {one.seed}: {one.failure}, {one.steps} steps")
    wanted = set(jobs)
    attempts = ExpertLog(log).read()
    ExpertLog(log).rewrite(attempts)
    measured = [one for one in attempts if (one.engine, one.task, one.seed) in wanted]
    console.print(table_of(measured))


def table_of(attempts: Sequence[Attempt]) -> Table:
    """Return successes, falls, lengths and failures of every task, and their sum."""
    table = Table("task", "success", "95 % Wilson", "falls", "length, median [5, 95 %]", "failures")
    for name in sorted({one.task for one in attempts}):
        table.add_row(name, *_cells([one for one in attempts if one.task == name]))
    table.add_section()
    table.add_row("all", *_cells(attempts))
    return table


def _cells(attempts: Sequence[Attempt]) -> tuple[str, str, str, str, str]:
    successes = sum(one.success for one in attempts)
    low, high = wilson_interval(successes, len(attempts))
    reasons = Counter(one.failure for one in attempts if not one.success)
    seconds = [one.steps / POLICY_RATE for one in attempts if one.success]
    quick, median, slow = np.percentile(seconds, [5, 50, 95]) if seconds else (np.nan,) * 3
    return (
        f"{successes}/{len(attempts)}",
        f"{low:.1%} to {high:.1%}",
        str(reasons["fallen"]),
        f"{median:.1f} [{quick:.1f}, {slow:.1f}] s",
        ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()),
    )


if __name__ == "__main__":
    tyro.cli(main)
