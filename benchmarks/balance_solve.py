"""Time of one solve of the balance layer while both wrists move, against its 4 ms period."""

import time
from dataclasses import replace

import numpy as np
import tyro
from rich.console import Console

from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.envs.dynamics import sample_dynamics
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.schema import Pose
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.tasks.core.randomization import EpisodeRandom


def main(seconds: float = 20.0) -> None:
    """Print the distribution of solve times.

    Args:
        seconds: of simulated time.
    """
    simulation = MujocoSimulation(build_world(Scene()))
    start = initial_state(Scene(), sample_dynamics(EpisodeRandom(0, frozenset())))
    controller = BalanceController()
    rest = controller.reset(simulation.reset(start).robot)
    times = []
    for tick in range(round(seconds / controller.config.dt)):
        phase = 2.0 * np.pi * 0.5 * tick * controller.config.dt
        offset = np.array([0.10 - 0.10 * np.cos(phase), 0.0, 0.10 * np.sin(phase)])
        wrists = {
            side: Pose(pose.position + offset, pose.quat_wxyz) for side, pose in rest.wrists.items()
        }
        controller.set_target(replace(rest, wrists=wrists))
        state = simulation.robot_state()
        begin = time.perf_counter()
        command = controller.command(state)
        times.append(1e3 * (time.perf_counter() - begin))
        simulation.step(command, 2)
    low, median, high = np.percentile(times, [1, 50, 99])
    Console().print(
        f"{len(times)} solves: median {median:.3f} ms, 1st to 99th percentile "
        f"{low:.3f} to {high:.3f} ms; period {1e3 * controller.config.dt:.0f} ms; "
        f"infeasible {controller.infeasible_solves}"
    )


if __name__ == "__main__":
    tyro.cli(main)
