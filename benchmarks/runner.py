"""What the policy runner costs beside the environment's own step, in interleaved episodes."""

import time
from typing import cast

import numpy as np
import tyro
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from vla_humanoid.data_collection.environment import Action, DemonstrationEnv, make_env
from vla_humanoid.description import Description
from vla_humanoid.envs.description import describe_env
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.policy_runner.execution import (
    Execution,
    OpenLoop,
    RealTimeChunking,
    RecedingHorizon,
    TemporalEnsemble,
)
from vla_humanoid.policy_runner.inference import InStep
from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.policy_runner.runner import PolicyRunner

HORIZON = 16


class Standing:
    """Answers at once, with a chunk that lets the robot stand.

    Args:
        description: of the environment.
        action: that lets it stand.
    """

    def __init__(self, description: Description, action: Action) -> None:
        self.description = description
        self._chunk = np.tile(action, (HORIZON, 1))

    def reset(self, instruction: str) -> None:
        """Do nothing."""

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return the chunk."""
        return self._chunk


def main(steps: int = 200, rounds: int = 5, task: str = "StandStill") -> None:
    """Print the part of a step's time that the runner takes, by execution.

    Args:
        steps: of each run.
        rounds: runs of each execution.
        task: name of the task.
    """
    env = make_env(f"VLAHumanoid-{task}-v0", {"cameras": (), "randomization": "none"})
    bare = cast(HumanoidEnv, env.unwrapped)
    stand = np.zeros(bare.action_spec.dim, dtype=np.float32)
    policy = Standing(describe_env(bare), stand)
    executions: tuple[Execution, ...] = (
        OpenLoop(),
        RecedingHorizon(8),
        TemporalEnsemble(),
        RealTimeChunking(8),
    )
    parts: dict[str, list[float]] = {type(one).__name__: [] for one in executions}
    for _ in range(rounds):
        for execution in executions:
            runner = PolicyRunner(InStep(policy), execution)
            parts[type(execution).__name__].append(_part(env, runner, steps))
    table = Table("execution", f"runner / step, median of {rounds} [least, most]")
    for name, found in parts.items():
        table.add_row(name, f"{np.median(found):.2%} [{min(found):.2%}, {max(found):.2%}]")
    Console().print(table)


def _part(env: DemonstrationEnv, runner: PolicyRunner, steps: int) -> float:
    """Return the runner's CPU time over that of the environment's steps."""
    observation, _ = env.reset(seed=0)
    runner.reset()
    choosing = stepping = 0.0
    for _ in range(steps):
        start = time.process_time()
        action = runner.act(observation)
        chosen = time.process_time()
        observation, _, terminated, truncated, _ = env.step(action)
        stepping += time.process_time() - chosen
        choosing += chosen - start
        if terminated or truncated:
            break
    return choosing / stepping


if __name__ == "__main__":
    tyro.cli(main)
