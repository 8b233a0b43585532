"""Success of the expert over fresh seeds, with its interval, its failures and its falls."""

import multiprocessing
import os
from collections import Counter

import gymnasium
import tyro
from rich.console import Console
from rich.progress import track

from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import Outcome, rollout
from vla_humanoid.data_collection.statistics import wilson_interval
from vla_humanoid.envs.humanoid_env import HumanoidEnv


def attempt(job: tuple[str, int, str, str]) -> tuple[int, Outcome]:
    """Run one expert episode without images."""
    task, seed, randomization, control_mode = job
    options = {
        "cameras": (),
        "randomization": randomization.split(","),
        "control_mode": control_mode,
    }
    env = make_env(f"VLAHumanoid-{task}-v0", options)
    bare = env.unwrapped
    assert isinstance(bare, HumanoidEnv)
    outcome = rollout(env, Expert(bare), seed)
    env.close()
    return seed, outcome


def main(
    task: str = "PickPlace",
    episodes: int = 200,
    first_seed: int = 1_000_000,
    randomization: str = "default",
    control_mode: str = "end_effector",
    workers: int = 2,
) -> None:
    """Print how many of the expert's episodes succeed, and why the others do not.

    Args:
        task: name of the task.
        episodes: how many.
        first_seed: the seeds are this and those that follow.
        randomization: "default", "none" or axes, separated by commas.
        control_mode: what actions mean.
        workers: processes.
    """
    gymnasium.spec(f"VLAHumanoid-{task}-v0")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    jobs = [(task, first_seed + k, randomization, control_mode) for k in range(episodes)]
    failures: Counter[str] = Counter()
    successes, steps, console = 0, 0, Console()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        outcomes = pool.imap_unordered(attempt, jobs)
        for seed, outcome in track(outcomes, total=episodes, console=console):
            successes += outcome.success
            steps += outcome.steps
            if not outcome.success:
                failures[str(outcome.failure)] += 1
                console.print(f"seed {seed}: {outcome.failure} after {outcome.steps} steps")
    low, high = wilson_interval(successes, episodes)
    console.print(
        f"{task}: {successes}/{episodes} = {successes / episodes:.1%} "
        f"(95 % Wilson {low:.1%} to {high:.1%}), {steps / episodes:.0f} steps on average, "
        f"falls {failures['fallen']}, failures {dict(failures)}"
    )


if __name__ == "__main__":
    tyro.cli(main)
