"""A grounding network on disk: weights as safetensors, everything else as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from pydantic import TypeAdapter

from vla_humanoid.policies.content import read_content
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.weights import CheckpointError, read_weights, replace_file, write_weights

FORMAT_VERSION = 1
WEIGHTS, CONTENT = "grounding.safetensors", "grounding.json"


@dataclass(frozen=True)
class _Content:
    format_version: int
    config: GroundingConfig


_CONTENT = TypeAdapter(_Content)


def save_grounder(grounder: Grounder, folder: Path) -> None:
    """Write a grounding network; what was there before stays until the new one is whole.

    Args:
        grounder: to be saved, in full precision: models are trained on what it says.
        folder: made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_weights(grounder, folder / WEIGHTS, torch.float32)
    text = json.dumps(asdict(_Content(FORMAT_VERSION, grounder.config)), indent=1)
    replace_file(folder / CONTENT, lambda path: path.write_text(text + "\n"))


def load_grounder(folder: Path) -> Grounder:
    """Read what `save_grounder` wrote.

    Raises:
        CheckpointError: if it is not a grounding network, or damaged.
    """
    content = read_content(_CONTENT, folder / CONTENT, WEIGHTS)
    if content.format_version != FORMAT_VERSION:
        raise CheckpointError(
            f"{folder / CONTENT} has format_version {content.format_version}; this version of "
            f"vla-humanoid reads {FORMAT_VERSION}."
        )
    try:
        grounder = Grounder.unfilled(content.config)
    except ModelError as error:
        raise CheckpointError(f"The network of {folder} cannot be composed: {error}") from error
    read_weights(grounder, folder / WEIGHTS)
    return grounder.eval()
