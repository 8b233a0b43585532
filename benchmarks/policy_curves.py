"""Draws success over demonstrations and over models, from the committed results of their tables."""

from collections.abc import Sequence
from pathlib import Path

import tyro
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from policy_results import RECORDS, ROOT, TABLES, Row, summary

PICTURE = ROOT / "docs" / "images" / "policy_success.png"
SHIPPED_DEMONSTRATIONS = 720


def main(records: Path = RECORDS, picture: Path = PICTURE) -> None:
    """Write a PNG.

    Args:
        records: folder of the results.
        picture: to write.
    """
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    over_demonstrations, over_models = figure.subplots(1, 2, sharey=True)
    rows = TABLES["demonstrations"]
    counts = [*(int(row.label) for row in rows[:-1]), SHIPPED_DEMONSTRATIONS]
    _points(over_demonstrations, counts, rows, records, "-o")
    over_demonstrations.set(
        xscale="log", xlabel="demonstrations of PickPlace", ylabel="success [%]", ylim=(0, 100)
    )
    over_demonstrations.set_xticks(counts, [str(count) for count in counts])
    over_demonstrations.minorticks_off()
    rows = TABLES["models"]
    _points(over_models, range(len(rows)), rows, records, "o")
    names = [row.label.partition(",")[0].strip("`") for row in rows]
    over_models.set_xticks(range(len(rows)), names)
    over_models.set_xlabel("model, 400 demonstrations")
    over_models.margins(x=0.15)
    figure.savefig(picture, dpi=120)


def _points(
    panel: Axes, where: Sequence[int], rows: Sequence[Row], records: Path, style: str
) -> None:
    """Draw success rates with their 95 % Wilson intervals."""
    found = [summary(row, records) for row in rows]
    rates = [100.0 * one["success_rate"] for one in found]
    below = [100.0 * (one["success_rate"] - one["wilson95"][0]) for one in found]
    above = [100.0 * (one["wilson95"][1] - one["success_rate"]) for one in found]
    panel.errorbar(list(where), rates, yerr=[below, above], fmt=style, capsize=3)
    panel.grid(axis="y", alpha=0.3)


if __name__ == "__main__":
    tyro.cli(main)
