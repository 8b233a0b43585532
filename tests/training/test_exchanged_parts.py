"""Models with other parts than their system's, and what their frozen encoders see, kept on disk."""

from pathlib import Path
from typing import cast

import pytest
import torch
from safetensors.torch import load_file
from tiny_train import add_tiny
from torch import nn

from vla_humanoid.cli import main
from vla_humanoid.policies.checkpoint import from_pretrained
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.vision.encoder import VisionEncoder
from vla_humanoid.policies.vision.pretrained import PretrainedVision
from vla_humanoid.policies.vision.registry import VISION_ENCODERS

SHORT = ("--steps", "4", "--batch-size", "4", "--warmup", "0", "--readers", "0")
FROZEN = ("--vision", "frozen", "--brightness", "0")


class Pooled(nn.Module):
    """Stands for a network with pretrained weights; one of its kind counts what it has seen."""

    seen = 0

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.arange(36.0).sin().view(12, 3))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return a token for each 4 x 4 pixels, (B, N, 12)."""
        Pooled.seen += len(images)
        pooled = nn.functional.avg_pool2d(images, 4).flatten(2).transpose(1, 2)
        return torch.tanh(pooled @ self.weight.T)


def frozen_vision(config: ModelConfig) -> VisionEncoder:
    return PretrainedVision(Pooled(), 12, config.width, config.tune_vision)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    add_tiny()
    monkeypatch.setitem(cast("dict[str, object]", VISION_ENCODERS), "frozen", frozen_vision)


def train(demos: Path, output: Path, *more: str) -> int:
    told = ("--model", "tiny", "--precision", "float32", *SHORT, *more)
    return main(["train", str(demos), "--output", str(output), *told])


def weights(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "resume" / "state.safetensors")


def test_parts_are_exchanged_by_name(demos: Path, tmp_path: Path) -> None:
    exchanged = ("--vision", "resnet", "--text", "task_id", "--fusion", "concat", "--head", "gmm")
    assert train(demos, tmp_path / "run", *exchanged) == 0
    policy, _ = from_pretrained(tmp_path / "run" / "checkpoint")
    config = policy.config
    assert (config.vision, config.text, config.fusion, config.head) == exchanged[1::2]
    assert any(" " in known for known in config.vocabulary)  # Sentences, not words.


def test_a_run_from_kept_features_is_the_run_without(demos: Path, tmp_path: Path) -> None:
    kept = ("--features", str(tmp_path / "features"))
    assert train(demos, tmp_path / "plain", *FROZEN) == 0
    Pooled.seen = 0
    assert train(demos, tmp_path / "first", *FROZEN, *kept) == 0
    looked = Pooled.seen
    Pooled.seen = 0
    assert train(demos, tmp_path / "again", *FROZEN, *kept) == 0
    assert 0 < Pooled.seen < looked  # To validate; nothing is kept of what is held back.
    plain, first, again = (weights(tmp_path / run) for run in ("plain", "first", "again"))
    for name, weight in plain.items():
        torch.testing.assert_close(first[name], weight)
        torch.testing.assert_close(again[name], weight)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--vision", "eye"), "There is no vision encoder 'eye'. There are: cnn_film"),
        (("--text", "ear"), "There is no text encoder 'ear'"),
        (("--fusion", "mind"), "There is no fusion 'mind'"),
        (("--head", "hand"), "There is no action head 'hand'"),
        (("--features", "kept"), "Nothing in this model is frozen"),
        (("--vision", "frozen", "--features", "kept"), "give --brightness 0 and --crop 0"),
        ((*FROZEN, "--crop", "0.1", "--features", "kept"), "give --brightness 0 and --crop 0"),
        ((*FROZEN, "--features", "/dev/null/kept"), "/dev/null/kept cannot hold features"),
        (("--head", "gmm", "--init", "run"), "A model keeps its parts: give --init or --head"),
    ],
)
def test_parts_and_features_that_cannot_be_are_refused(
    demos: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert train(demos, tmp_path / "run", *more) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert not list(tmp_path.iterdir())
