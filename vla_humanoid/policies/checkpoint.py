"""A model on disk: weights as safetensors, everything else as JSON; reading it executes nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from pydantic import TypeAdapter

from vla_humanoid.description import Description, DescriptionError
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.content import read_content
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.weights import (
    CheckpointError,
    read_weights,
    replace_file,
    write_weights,
)

FORMAT_VERSION = 1
WEIGHTS, CONTENT = "model.safetensors", "model.json"


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
        grammar: digest of what may be said in its tasks.
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
    content = _Content(FORMAT_VERSION, model.config, model.description.to_json(), provenance)
    write_weights(model, folder / WEIGHTS, dtype)
    text = json.dumps(json.loads(_CONTENT.dump_json(content)), indent=1)
    replace_file(folder / CONTENT, lambda path: path.write_text(text + "\n"))


def from_pretrained(folder: Path) -> tuple[PolicyModel, Provenance]:
    """Read a checkpoint.

    Returns:
        The model, ready to act, and where it comes from.

    Raises:
        CheckpointError: if it is not one, or damaged.
    """
    content = read_content(_CONTENT, folder / CONTENT, WEIGHTS)
    if content.format_version != FORMAT_VERSION:
        raise CheckpointError(
            f"{folder / CONTENT} has format_version {content.format_version}; this version of "
            f"vla-humanoid reads {FORMAT_VERSION}."
        )
    try:
        description = Description.from_json(content.description)
        model = PolicyModel.unfilled(content.config, description)
    except (DescriptionError, ModelError) as error:
        raise CheckpointError(f"The model of {folder} cannot be composed: {error}") from error
    read_weights(model, folder / WEIGHTS)
    return model.eval(), content.provenance
