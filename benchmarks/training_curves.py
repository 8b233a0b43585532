"""Draws the curves of the shipped policy's training from what its runs have written."""

from pathlib import Path

import tyro
from matplotlib.figure import Figure

from vla_humanoid.training.metrics import read_metrics

ROOT = Path(__file__).parents[1]
RUNS = ROOT / "benchmarks" / "results" / "policy" / "training"
PICTURE = ROOT / "docs" / "images" / "pick_place_training.png"


def main(runs: Path = RUNS, picture: Path = PICTURE) -> None:
    """Write a PNG.

    Args:
        runs: folder with those of the grounding network and of the policy.
        picture: to write.
    """
    figure = Figure(figsize=(8, 3), layout="constrained")
    pointed, placed, acted = figure.subplots(1, 3)
    grounding = read_metrics(runs / "grounding", "validation")
    for number, name in ((1, "object"), (2, "container")):
        steps = [line["step"] for line in grounding]
        pointed.plot(steps, [100.0 * line[f"pointed_{number}"] for line in grounding], label=name)
        placed.plot(steps, [line[f"median_cm_{number}"] for line in grounding], label=name)
    pointed.set(
        title="pointed at the named thing", xlabel="updates", ylabel="% of scenes held back"
    )
    placed.set(title="distance to where it is", xlabel="updates", ylabel="median [cm]", ylim=(0, 6))
    policy = runs / "policy"
    for kind, name in (("train", "action"), ("validation", "action_loss")):
        lines = read_metrics(policy, kind)
        acted.plot([one["step"] for one in lines], [one[name] for one in lines], label=kind)
    acted.set(title="the policy's loss of actions", xlabel="updates", ylim=(0, 0.2))
    for panel in (pointed, placed, acted):
        panel.legend()
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    tyro.cli(main)
