"""Adapts a checkpoint to several numbers of demonstrations and draws success over them.

python benchmarks/few_shot.py new.hdf5 --init run/best --task PickPlace --output few
"""

import json
import subprocess
import sys
from pathlib import Path

import tyro

COMMAND = (sys.executable, "-m", "vla_humanoid.cli")


def success(
    file: Path,
    init: Path,
    task: str,
    folder: Path,
    adapt: str,
    count: int,
    steps: int,
    episodes: int,
) -> tuple[float, float, float]:
    """Adapt and evaluate, or go on with that; return the success rate and its 95 % interval."""
    run, results = folder / f"{adapt}_{count}", folder / f"{adapt}_{count}_results"
    train = [*COMMAND, "train", str(file), "--output", str(run), "--init", str(init)]
    options = ["--adapt", adapt, "--demonstrations", str(count), "--steps", str(steps)]
    resume = ["--resume"] if (run / "config.json").exists() else []
    subprocess.run([*train, *options, *resume], check=True)
    evaluate = [*COMMAND, "evaluate", "--policy", str(run / "checkpoint"), "--task", task]
    counted = ["--episodes", str(episodes), "--output", str(results)]
    subprocess.run([*evaluate, *counted], check=True)
    found = json.loads((results / "results.json").read_text())["all"]
    return found["success_rate"], *found["wilson95"]


def draw(curves: dict[str, dict[int, tuple[float, float, float]]], path: Path) -> None:
    """Write a PNG with a curve for each way of adapting."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3.5), layout="constrained")
    panel = figure.add_subplot()
    for adapt, points in curves.items():
        rates = [rate for rate, _, _ in points.values()]
        below = [rate - low for rate, low, _ in points.values()]
        above = [high - rate for rate, _, high in points.values()]
        panel.errorbar(list(points), rates, yerr=[below, above], label=adapt, capsize=3, marker="o")
    panel.set(xscale="log", xlabel="demonstrations", ylabel="success rate", ylim=(0, 1))
    panel.legend()
    figure.savefig(path, dpi=150)


def main(
    file: tyro.conf.Positional[Path],
    init: Path,
    task: str,
    output: Path,
    counts: tuple[int, ...] = (5, 10, 20, 50, 100),
    adapt: tuple[str, ...] = ("full", "head", "lora"),
    steps: int = 500,
    episodes: int = 50,
) -> None:
    """Write ``few_shot.json`` and ``few_shot.png``.

    Args:
        file: dataset of the new task.
        init: checkpoint to start from.
        task: that is evaluated.
        output: folder; what is there is gone on with.
        counts: of demonstrations.
        adapt: ways of adapting.
        steps: of each.
        episodes: of each evaluation.
    """
    output.mkdir(parents=True, exist_ok=True)
    curves = {
        how: {
            count: success(file, init, task, output, how, count, steps, episodes)
            for count in counts
        }
        for how in adapt
    }
    (output / "few_shot.json").write_text(json.dumps(curves, indent=1) + "\n")
    draw(curves, output / "few_shot.png")


if __name__ == "__main__":
    tyro.cli(main)
