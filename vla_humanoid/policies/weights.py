"""Weights on disk: safetensors, written as a whole, and compared with what they are to fill."""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn


class CheckpointError(ValueError):
    """A checkpoint cannot be read; the message says which file, what was expected, what to do."""


def write_weights(model: nn.Module, path: Path, dtype: torch.dtype) -> None:
    """Write a model's weights; what was there before stays until the new file is whole.

    Args:
        model: whose weights they are.
        path: of the file.
        dtype: of the matrices in the file; those with values beyond its range stay as they are.
    """
    weights = {
        name: _shrunk(tensor.detach(), dtype).contiguous()
        for name, tensor in model.state_dict().items()
    }
    replace_file(path, lambda draft: save_file(weights, draft))


def read_weights(model: nn.Module, path: Path) -> None:
    """Put weights into a model.

    Raises:
        CheckpointError: if they cannot be read, are not finite, or belong to another model.
    """
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}.") from error
    _fit(model, weights, path)


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name first, so that there is always a whole one."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    write(unfinished)
    unfinished.replace(path)


def _shrunk(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    small = tensor.to(dtype) if tensor.dim() > 1 else tensor
    return small if small.isfinite().all() else tensor


def _fit(model: nn.Module, weights: Mapping[str, torch.Tensor], path: Path) -> None:
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
