"""A picture of predicted beside demonstrated actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.data_collection.reading.torch_dataset import stacked
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.schema import ActionSpec
from vla_humanoid.training.batches import views_of
from vla_humanoid.training.named_table import NamedTable

_COLUMNS = 3


@dataclass(frozen=True)
class Forecast:
    """An episode, and the chunks that a model would have chosen on the way.

    Args:
        sentence: that the robot was told.
        demonstrated: normalized actions, shape (T, action dim).
        steps: at which the model was asked.
        chunks: what it answered, shape (steps, horizon, action dim).
    """

    sentence: str
    demonstrated: NDArray[np.float32]
    steps: Sequence[int]
    chunks: NDArray[np.float32]


@torch.no_grad()
def forecast(model: PolicyModel, dataset: Dataset, named: NamedTable | None = None) -> Forecast:
    """Ask a model for a chunk at every end of one, in the first episode of a dataset.

    Args:
        model: in the mode in which it acts.
        dataset: in the order of its files, with chunks of the model's length.
        named: what is meant by its sentences; None without a grounding network.
    """
    episode = next(dataset.episodes())
    steps = range(0, episode.steps, model.config.horizon)
    batch = stacked(dataset.__getitems__(steps))
    said = batch["sentence"]
    meant = None if named is None else named(batch["file"].tolist(), batch["episode"], said)
    output = model(views_of(batch), batch["state"][:, -1], said, meant, batch["state_mask"])
    chunks = model.actions(output, torch.Generator().manual_seed(0)).numpy()
    return Forecast(batch["sentence"][0], episode.actions, steps, chunks)


def can_draw() -> bool:
    """Tell whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def draw(seen: Forecast, spec: ActionSpec, path: Path) -> None:
    """Write a PNG with a panel for each entry of the actions, in physical units.

    Args:
        seen: what is drawn.
        spec: what the entries mean.
        path: of the file.
    """
    from matplotlib.figure import Figure

    rows = -(-spec.dim // _COLUMNS)
    figure = Figure(figsize=(4 * _COLUMNS, 1.6 * rows + 0.5), layout="constrained")
    middle, half = (spec.high + spec.low) / 2.0, (spec.high - spec.low) / 2.0
    true = middle + half * seen.demonstrated
    for index, field in enumerate(spec.fields):
        panel = figure.add_subplot(rows, _COLUMNS, index + 1)
        panel.plot(true[:, index], color="black", linewidth=1, label="demonstrated")
        for number, (step, chunk) in enumerate(zip(seen.steps, seen.chunks, strict=True)):
            counted = chunk[: len(true) - step, index]
            values = middle[index] + half[index] * counted
            label = "predicted" if number == 0 else None
            panel.plot(
                range(step, step + len(counted)), values, color="tab:red", linewidth=1, label=label
            )
        unit = "" if field.unit == "1" else f" [{field.unit}]"
        panel.set_title(f"{field.name}{unit}", fontsize=8)
        panel.tick_params(labelsize=6)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="upper right", fontsize=8)
    figure.suptitle(seen.sentence, fontsize=9)
    figure.savefig(path, dpi=100)
