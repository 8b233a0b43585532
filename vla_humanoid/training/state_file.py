"""All that a run needs to go on bit for bit, in one file that is replaced as a whole."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.training.optimization import Updates

FORMAT_VERSION = "1"
_NOTES = "run"


def write_state(updates: Updates, path: Path, notes: Mapping[str, str]) -> None:
    """Write weights, their average, the optimizer's moments and the step.

    Args:
        updates: whose state it is.
        path: of the file; until the new one is whole, the old one stays.
        notes: what else is to be known.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.contiguous() for name, tensor in _tensors(updates).items()}
    told = {"format_version": FORMAT_VERSION, "step": str(updates.step), **notes}
    # In one entry: the order of several is not the same in every file.
    draft = path.with_name(f".{path.name}.unfinished")
    save_file(tensors, draft, {_NOTES: json.dumps(told)})
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)


def read_state(updates: Updates, path: Path) -> Mapping[str, str]:
    """Put updates where `write_state` found one; return the notes.

    Raises:
        ConfigurationError: if the file is damaged, or of another model.
    """
    try:
        with safe_open(path, "pt") as file:
            notes = _read_notes(file.metadata() or {})
            names = file.keys()
            saved = {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from error
    if notes.pop("format_version", "") != FORMAT_VERSION or not notes.get("step", "").isdecimal():
        raise ConfigurationError(f"{path} is not the state of a run.")
    _make_moments(updates)
    ours = _tensors(updates)
    wrong = sorted(ours.keys() ^ saved.keys())
    wrong += [name for name in ours.keys() & saved.keys() if ours[name].shape != saved[name].shape]
    if wrong:
        raise ConfigurationError(
            f"{path} is the state of another model: it differs in {', '.join(wrong[:5])}."
        )
    with torch.no_grad():
        for name, tensor in ours.items():
            tensor.copy_(saved[name])
    updates.step = int(notes.pop("step"))
    return notes


def _read_notes(metadata: Mapping[str, str]) -> dict[str, str]:
    """Return the notes; none if they are something else."""
    try:
        found = json.loads(metadata.get(_NOTES, ""))
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _tensors(updates: Updates) -> dict[str, torch.Tensor]:
    """Return the tensors themselves, by name."""
    found = {f"model.{name}": one for name, one in updates.model.state_dict().items()}
    found |= {f"average.{name}": one for name, one in updates.average.weights.items()}
    for name, weight in updates.model.named_parameters():
        for kind, moment in updates.optimizer.state.get(weight, {}).items():
            found[f"optimizer.{kind}.{name}"] = moment
    return found


def _make_moments(updates: Updates) -> None:
    """Give an optimizer that has not made a step moments of the right shapes and layouts."""
    for group in updates.optimizer.param_groups:
        for weight in group["params"]:
            updates.optimizer.state[weight] = {
                "step": torch.tensor(0.0),
                "exp_avg": torch.zeros_like(weight, memory_format=torch.preserve_format),
                "exp_avg_sq": torch.zeros_like(weight, memory_format=torch.preserve_format),
            }
