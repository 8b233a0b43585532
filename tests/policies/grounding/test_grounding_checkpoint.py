"""Grounding networks on disk: what is saved comes back, what is none is refused, saying why."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small_policies import GROUNDING, SENTENCES, small_grounder, small_policy

from vla_humanoid.policies.checkpoint import Provenance, save_pretrained
from vla_humanoid.policies.grounding.checkpoint import (
    CONTENT,
    WEIGHTS,
    load_grounder,
    save_grounder,
)
from vla_humanoid.policies.weights import CheckpointError


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "run" / "checkpoint"
    save_grounder(small_grounder(), folder)
    return folder


def test_what_is_saved_comes_back_bit_for_bit(tmp_path: Path) -> None:
    for config in (GROUNDING, replace(GROUNDING, mentions=3, width=12, channels=(4, 4, 8))):
        grounder = small_grounder(config)
        save_grounder(grounder, tmp_path)  # The second one takes the place of the first.
        again = load_grounder(tmp_path)
        assert again.config == config
        assert not again.training
        ours, theirs = grounder.state_dict(), again.state_dict()
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)
        images = torch.randint(0, 256, (1, 32, 32, 3), dtype=torch.uint8)
        state = torch.randn(1, 2)
        with torch.no_grad():
            meant, same = (one(images, state, SENTENCES).features() for one in (grounder, again))
        assert torch.equal(meant, same)
        assert sorted(path.name for path in tmp_path.iterdir()) == [CONTENT, WEIGHTS]


def test_a_folder_without_a_network_is_told(tmp_path: Path) -> None:
    save_pretrained(small_policy(), tmp_path, Provenance())  # A model is none.
    with pytest.raises(
        CheckpointError, match=rf"{CONTENT} cannot be read.*A checkpoint is a folder.*{WEIGHTS}"
    ):
        load_grounder(tmp_path)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format_version",), 2, r"has format_version 2; this version of vla-humanoid reads 1"),
        (("format_version",), "one", r"not a model's description: format_version"),
        (("config",), None, r"not a model's description: config"),
        (("config", "view", "height"), 20, r"config: .*multiples of 8"),
        (("config", "view", "top"), 2.0, r"Of the image of head nothing is kept"),
        (("config", "view", "moment"), "soon", r"config.view.moment"),
        (("config", "width"), 7, r"config: .*multiple of attention_heads"),
        (("config", "width"), 16, r"network.queries is \(3, 8\), not \(3, 16\)"),
        (("config", "kinds"), ["can"], r"config: .*kinds"),
        (("config", "tasks"), ["Stack"], r"network.task.bias is \(2,\), not \(1,\)"),
        (("config", "state"), ["joint_1"], r"state.mean is \(2,\), not \(1,\)"),
        (("config", "vocabulary"), [], r"cannot be composed: The vocabulary begins with nothing"),
        (("config", "text_layers"), 2, r"network.text.*is missing"),
    ],
)
def test_what_does_not_fit_together_is_told(
    saved: Path, path: tuple[str, ...], value: object, message: str
) -> None:
    content = json.loads((saved / CONTENT).read_text())
    inner = content
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    (saved / CONTENT).write_text(json.dumps(content))
    with pytest.raises(CheckpointError, match=message):
        load_grounder(saved)


def test_a_write_that_fails_leaves_what_was_there(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in saved.iterdir()}

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("vla_humanoid.policies.weights.save_file", full)
    with pytest.raises(OSError, match="No space"):
        save_grounder(small_grounder(seed=1), saved)
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == before
