"""Figures of Isaac Lab: Newton's model, the expert's successes, and the cost beside a bare one.

Run it where Isaac Lab is installed. Time is processor time of one process, so that a machine that
others use as well does not matter.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import torch
import tyro
from balance_report import Row, spread
from engines_isaaclab_newton import newton_rows
from isaaclab.envs import DirectRLEnv
from isaaclab.envs.common import VecEnvObs
from isaaclab.scene import InteractiveScene
from rich.console import Console
from rich.table import Table

from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.data_collection.statistics import wilson_interval
from vla_humanoid.envs.isaaclab.batch_config import make_batch_config
from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
from vla_humanoid.envs.isaaclab.env_cfg import HumanoidBatchCfg, make_env_cfg
from vla_humanoid.sims.isaaclab.scene import ROBOT

Given = TypeVar("Given")
Params = ParamSpec("Params")
Returned = TypeVar("Returned")

STEPS, WARM_UP = 40, 5
ACTION = 18
STIFFNESS, DAMPING = 400.0, 10.0
"""Of drives that keep a robot on its feet for the few seconds of a measurement."""


class BareEnv(HumanoidBatchEnv):
    """The same robots in the same worlds, in an environment as one would write it in Isaac Lab.

    Its scene is Isaac Lab's own. Before every physics step it gives each joint's drive the position
    that it is to hold; it observes positions and velocities of joints, and judges nothing.
    """

    def reset(
        self, seed: int | None = None, options: Mapping[str, object] | None = None
    ) -> tuple[VecEnvObs, dict[str, object]]:
        """Begin episodes, and let stiff drives hold every joint where it is."""
        found = super().reset(seed, options)
        robot = self.scene[ROBOT]
        self._posture = robot.data.joint_pos.torch.clone()
        stiffness = torch.full_like(self._posture, STIFFNESS)
        damping = torch.full_like(self._posture, DAMPING)
        robot.write_joint_stiffness_to_sim_index(stiffness=stiffness)
        robot.write_joint_damping_to_sim_index(damping=damping)
        self._targets = robot.actuators.target_command.position.torch
        return found

    def _pre_physics_step(self, actions: torch.Tensor) -> None:
        pass

    def _apply_action(self) -> None:
        self._targets[:] = self._posture

    def _get_observations(self) -> VecEnvObs:
        data = self.scene[ROBOT].data
        return {"policy": torch.cat([data.joint_pos.torch, data.joint_vel.torch], dim=-1)}

    def _get_rewards(self) -> torch.Tensor:
        return torch.zeros(self.num_envs)

    def _get_dones(self) -> tuple[torch.Tensor, torch.Tensor]:
        never = torch.zeros(self.num_envs, dtype=torch.bool)
        return never, never


@dataclass(frozen=True)
class Cost:
    """Processor time of an environment step [s], and the part of it in the balance layer."""

    step: float
    control: float


def measure_bare(worlds: int) -> Cost:
    """Time a bare environment."""
    cfg = _cfg(worlds)
    cfg.scene.class_type = InteractiveScene
    env = BareEnv(cfg)
    env.reset(seed=0)
    _step_time(env, worlds, WARM_UP)
    return Cost(_step_time(env, worlds), 0.0)


def measure_ours(worlds: int) -> Cost:
    """Time our environment, standing."""
    env = HumanoidBatchEnv(_cfg(worlds))
    env.reset(seed=0)
    spent = [0.0]
    for episode in env.episodes:
        layer = episode.controller
        layer.set_action = _timed(layer.set_action, spent)
        layer.command = _timed(layer.command, spent)
        layer.observe = _timed(layer.observe, spent)
    _step_time(env, worlds, WARM_UP)
    spent[0] = 0.0
    step = _step_time(env, worlds)
    return Cost(step, spent[0] / STEPS)


def _cfg(worlds: int) -> HumanoidBatchCfg:
    batch = make_batch_config("PickPlace", num_envs=worlds, randomization="none")
    return make_env_cfg(batch)


def _timed(call: Callable[Params, Returned], spent: list[float]) -> Callable[Params, Returned]:
    def timed(*args: Params.args, **kwargs: Params.kwargs) -> Returned:
        start = time.process_time()
        returned = call(*args, **kwargs)
        spent[0] += time.process_time() - start
        return returned

    return timed


def _step_time(env: DirectRLEnv, worlds: int, steps: int = STEPS) -> float:
    action = torch.zeros(worlds, ACTION)
    start = time.process_time()
    for _ in range(steps):
        env.step(action)
    return (time.process_time() - start) / steps


def speed_rows(worlds: tuple[int, ...], repeats: int) -> list[Row]:
    """Return steps per second for numbers of worlds, and what they cost beside a bare environment.

    A process holds one simulation, so each is measured in one of its own; bare and ours take turns,
    so that the moods of the machine meet both.
    """
    rows: list[Row] = []
    for count in worlds:
        pairs = [(_alone(measure_bare, count), _alone(measure_ours, count)) for _ in range(repeats)]
        steps = [count / ours.step for _, ours in pairs]
        bares = [count / bare.step for bare, _ in pairs]
        layer = [100.0 * ours.control / ours.step for _, ours in pairs]
        over = [100.0 * ((ours.step - ours.control) / bare.step - 1.0) for bare, ours in pairs]
        rows.append(
            _reported(
                f"OvPhysX, {count} worlds: environment steps per second of processor time",
                "overhead at most 30 % besides the balance layer",
                f"{spread(steps, '', digits=0)}, bare {spread(bares, '', digits=0)}; balance layer "
                f"{spread(layer, '%', digits=0)} of the time; overhead "
                f"{spread(over, '%', digits=0)}; {repeats} runs of each",
            )
        )
    return rows


def _reported(figure: str, wanted: str, measured: str) -> Row:
    """Return a row, and print it at once: some take minutes."""
    Console(stderr=True).print(f"{figure}: {measured}", soft_wrap=True)
    return Row(figure, wanted, measured)


def _alone(measure: Callable[[Given], Returned], given: Given) -> Returned:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, given).result()


def expert_rows(episodes: int, worlds: int) -> list[Row]:
    """Return how often the expert succeeds at PickPlace."""
    config = GenerationConfig("PickPlace", episodes=episodes, cameras=(), engine="isaaclab")
    with tempfile.TemporaryDirectory() as folder:
        summary = generate(config, Path(folder) / "demos.hdf5", workers=worlds)
    done = summary.progress
    low, high = wilson_interval(done.successes, done.attempts)
    return [
        _reported(
            "OvPhysX: expert PickPlace",
            "80 %",
            f"{done.successes} of {done.attempts} [{low:.0%}, {high:.0%}] {dict(done.failures)}",
        )
    ]


def main(
    postures: int = 50,
    worlds: tuple[int, ...] = (1, 4, 16),
    repeats: int = 5,
    episodes: int = 50,
    lanes: int = 8,
) -> None:
    """Print the figures.

    Args:
        postures: in which Newton's robot is compared with MuJoCo's; 0 for none.
        worlds: numbers of worlds whose speed is measured; none for no speed.
        repeats: how often each is measured.
        episodes: successful episodes of the expert; 0 for none.
        lanes: worlds that these run in.
    """
    rows = _alone(newton_rows, range(postures)) if postures else []
    rows += speed_rows(worlds, repeats)
    if episodes:
        rows += expert_rows(episodes, lanes)
    table = Table(title="Isaac Lab", show_lines=True)
    for column in ("figure", "wanted", "measured"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(row.figure, row.wanted, row.measured)
    Console(width=150).print(table)


if __name__ == "__main__":
    tyro.cli(main)
