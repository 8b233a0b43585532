"""Adapts a checkpoint to several numbers of demonstrations and draws success over them.

python benchmarks/few_shot.py new.hdf5 --init run/best --task PointAt --output few
"""

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import tyro

COMMAND = (sys.executable, "-m", "vla_humanoid.cli")


@dataclass(frozen=True)
class Plan:
    """What is the same for all numbers of demonstrations and ways of adapting.

    Args:
        file: dataset of the new task.
        init: checkpoint to start from, a folder or shipped.
        task: that is evaluated.
        output: folder; what is there is gone on with.
        steps: of training.
        episodes: of each evaluation.
        options: of `train` besides, as they are typed.
    """

    file: Path
    init: str
    task: str
    output: Path
    steps: int
    episodes: int
    options: str

    def success(self, adapt: str, count: int) -> tuple[float, float, float]:
        """Adapt and evaluate, or go on with that.

        Args:
            adapt: way of adapting.
            count: of demonstrations; 0 to evaluate what is started from.

        Returns:
            The success rate and its 95 % interval.
        """
        policy = str(self._adapted(adapt, count)) if count else self.init
        results = self.output / (f"{adapt}_{count}_results" if count else "as_it_is_results")
        told = ["--policy", policy, "--task", self.task, "--episodes", str(self.episodes)]
        self._carry_out("evaluate", *told, "--clips", "0", "--output", str(results))
        found = json.loads((results / "results.json").read_text())["all"]
        return found["success_rate"], *found["wilson95"]

    def _adapted(self, adapt: str, count: int) -> Path:
        run = self.output / f"{adapt}_{count}"
        told = ["--output", str(run), "--init", self.init, "--adapt", adapt]
        told += ["--demonstrations", str(count), "--steps", str(self.steps)]
        told += shlex.split(self.options)
        if (run / "config.json").exists():
            told += ["--resume"]
        self._carry_out("train", str(self.file), *told)
        return run / "checkpoint"

    @staticmethod
    def _carry_out(*command: str) -> None:
        subprocess.run([*COMMAND, *command], check=True)


def draw(curves: dict[str, dict[int, tuple[float, float, float]]], path: Path) -> None:
    """Write a PNG with a curve for each way of adapting."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3.5), layout="constrained")
    panel = figure.add_subplot()
    for adapt, points in curves.items():
        rates = [rate for rate, _, _ in points.values()]
        below = [rate - low for rate, low, _ in points.values()]
        above = [high - rate for rate, _, high in points.values()]
        panel.errorbar(
            range(len(points)), rates, yerr=[below, above], label=adapt, capsize=3, marker="o"
        )
        panel.set_xticks(range(len(points)), [str(count) for count in points])
    panel.set(xlabel="demonstrations", ylabel="success rate", ylim=(0, 1))
    panel.legend()
    figure.savefig(path, dpi=150)


def main(
    file: tyro.conf.Positional[Path],
    task: str,
    output: Path,
    init: str = "shipped",
    counts: tuple[int, ...] = (0, 5, 10, 20, 50, 100),
    adapt: tuple[str, ...] = ("full", "head", "lora"),
    steps: int = 500,
    episodes: int = 50,
    options: str = "",
) -> None:
    """Write ``few_shot.json`` and ``few_shot.png``.

    Args:
        file: dataset of the new task.
        task: that is evaluated.
        output: folder; what is there is gone on with.
        init: checkpoint to start from, a folder or shipped.
        counts: of demonstrations; 0 for what is started from, as it is.
        adapt: ways of adapting.
        steps: of each.
        episodes: of each evaluation.
        options: of `train` besides, as they are typed.
    """
    output.mkdir(parents=True, exist_ok=True)
    plan = Plan(file, init, task, output, steps, episodes, options)
    curves = {how: {count: plan.success(how, count) for count in counts} for how in adapt}
    (output / "few_shot.json").write_text(json.dumps(curves, indent=1) + "\n")
    draw(curves, output / "few_shot.png")


if __name__ == "__main__":
    tyro.cli(main)
