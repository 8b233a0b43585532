"""A model on disk: weights as safetensors, everything else as JSON; reading it executes nothing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from vla_humanoid.description import Description, DescriptionError
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.policy_model import PolicyModel

FORMAT_VERSION = 1
WEIGHTS, CONTENT = "model.safetensors", "model.json"


class CheckpointError(ValueError):
    """A checkpoint cannot be read; the message says which file, what was expected, what to do."""


@dataclass(frozen=True)
class Provenance:
    """Where a model comes from.

    Args:
        version: of vla-humanoid.
        datasets: name of each dataset file and the SHA-256 of its content.
        tasks: that it was trained on.
        step: updates of its weights.
        training: what the run was told.
        revision: of the source, as git describes it.
        grammar: version of the instructions' grammar.
    """

    version: str = ""
    datasets: Mapping[str, str] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()
    step: int = 0
    training: Mapping[str, str | int | float | bool | tuple[str, ...]] = field(default_factory=dict)
    revision: str = ""
    grammar: str = ""


@dataclass(frozen=True)
class _Content:
    format_version: int
    config: ModelConfig
    description: str
    provenance: Provenance


_CONTENT = TypeAdapter(_Content)


def save_pretrained(
    model: PolicyModel, folder: Path, provenance: Provenance, dtype: torch.dtype = torch.float32
) -> None:
    """Write a checkpoint; what was there before stays until the new one is whole.

    Args:
        model: to be saved.
        folder: made if it is not there.
        provenance: of the model.
        dtype: of the matrices in the file; those with values beyond its range stay as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: _shrunk(tensor.detach(), dtype).contiguous()
        for name, tensor in model.state_dict().items()
    }
    content = _Content(FORMAT_VERSION, model.config, model.description.to_json(), provenance)
    _replace(folder / WEIGHTS, lambda path: save_file(weights, path))
    text = json.dumps(json.loads(_CONTENT.dump_json(content)), indent=1)
    _replace(folder / CONTENT, lambda path: path.write_text(text + "\n"))


def from_pretrained(folder: Path) -> tuple[PolicyModel, Provenance]:
    """Read a checkpoint.

    Returns:
        The model, ready to act, and where it comes from.

    Raises:
        CheckpointError: if it is not one, or damaged.
    """
    content = _read_content(folder / CONTENT)
    if content.format_version != FORMAT_VERSION:
        raise CheckpointError(
            f"{folder / CONTENT} has format_version {content.format_version}; this version of "
            f"vla-humanoid reads {FORMAT_VERSION}."
        )
    try:
        weights = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{folder / WEIGHTS} cannot be read: {error}.") from error
    try:
        description = Description.from_json(content.description)
        model = PolicyModel.unfilled(content.config, description)
    except (DescriptionError, ModelError) as error:
        raise CheckpointError(f"The model of {folder} cannot be composed: {error}") from error
    _fit(model, weights, folder / WEIGHTS)
    return model.eval(), content.provenance


def _shrunk(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    small = tensor.to(dtype) if tensor.dim() > 1 else tensor
    return small if small.isfinite().all() else tensor


def _read_content(path: Path) -> _Content:
    try:
        return _CONTENT.validate_json(path.read_bytes())
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be read: {error.strerror}. A checkpoint is a folder with {CONTENT} "
            f"and {WEIGHTS}."
        ) from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise CheckpointError(f"{path} is not a model's description: {faults}.") from error


def _fit(model: PolicyModel, weights: Mapping[str, torch.Tensor], path: Path) -> None:
    ours = model.state_dict()
    wrong = [f"{name} is missing" for name in ours if name not in weights]
    wrong += [f"{name} belongs to no part of the model" for name in weights if name not in ours]
    wrong += [
        f"{name} is {tuple(weights[name].shape)}, not {tuple(tensor.shape)}"
        for name, tensor in ours.items()
        if name in weights and weights[name].shape != tensor.shape
    ]
    wrong += [f"{name} is not finite" for name, one in weights.items() if not one.isfinite().all()]
    if wrong:
        raise CheckpointError(f"{path} does not fit its model: {'; '.join(wrong[:8])}.")
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:  # Of other networks' weights, and the like.
        raise CheckpointError(f"{path} does not fit its model: {error}") from error


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name first, so that there is always a whole one."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    write(unfinished)
    unfinished.replace(path)
