"""Checkpoints that are damaged, of models and of grounding networks: refused, saying why."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from small_policies import small_grounder, small_policy

from vla_humanoid.policies import checkpoint
from vla_humanoid.policies.checkpoint import Provenance
from vla_humanoid.policies.grounding import checkpoint as grounding
from vla_humanoid.policies.weights import CheckpointError


@dataclass(frozen=True)
class Saved:
    """Something on disk.

    Args:
        weights: file of its weights.
        content: file of everything else.
        tensor: name of one of its tensors.
        read: reads its folder.
    """

    weights: Path
    content: Path
    tensor: str
    read: Callable[[Path], object]

    def is_refused(self, message: str) -> None:
        with pytest.raises(CheckpointError, match=message):
            self.read(self.weights.parent)


@pytest.fixture(params=["model", "grounding"])
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> Saved:
    folder = tmp_path / "run" / "checkpoint"
    if request.param == "model":
        checkpoint.save_pretrained(small_policy(), folder, Provenance())
        files = folder / checkpoint.WEIGHTS, folder / checkpoint.CONTENT
        return Saved(*files, "model.camera", checkpoint.from_pretrained)
    grounding.save_grounder(small_grounder(), folder)
    files = folder / grounding.WEIGHTS, folder / grounding.CONTENT
    return Saved(*files, "network.queries", grounding.load_grounder)


def test_missing_weights_are_told(saved: Saved) -> None:
    saved.weights.unlink()
    saved.is_refused(rf"{saved.weights.name} cannot be read")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.5, 0.99])
def test_truncated_weights_are_told(saved: Saved, share: float) -> None:
    content = saved.weights.read_bytes()
    saved.weights.write_bytes(content[: int(share * len(content))])
    saved.is_refused(rf"{saved.weights.name} cannot be read")


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("with_torch", [False, True])
def test_a_pickle_is_refused_and_not_executed(
    saved: Saved, tmp_path: Path, with_torch: bool
) -> None:
    trap = tmp_path / "executed"
    if with_torch:
        torch.save({saved.tensor: Trap(trap)}, saved.weights)
    else:
        saved.weights.write_bytes(pickle.dumps(Trap(trap)))
    saved.is_refused(rf"{saved.weights.name} cannot be read")
    assert not trap.exists()


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "\x00\xff", "[" * 5000])
def test_a_file_that_is_no_description_is_refused(saved: Saved, text: str) -> None:
    saved.content.write_bytes(text.encode("latin-1"))
    saved.is_refused(rf"{saved.content.name} is not a model's description")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused_by_name(saved: Saved, value: float) -> None:
    weights = load_file(saved.weights)
    weights[saved.tensor][0, 0] = value
    save_file(weights, saved.weights)
    saved.is_refused(rf"{saved.tensor} is not finite")


def test_weights_of_another_network_are_refused_by_name(saved: Saved) -> None:
    weights = load_file(saved.weights)
    weights["network.wheel"] = weights.pop(saved.tensor)
    save_file(weights, saved.weights)
    saved.is_refused(rf"{saved.tensor} is missing; network.wheel belongs to no part")
