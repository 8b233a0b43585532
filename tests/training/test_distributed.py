"""Two processes that share a batch follow the gradient that one alone follows."""

import os
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from shared_step import gradients

from vla_humanoid.training.metrics import read_metrics

SCRIPT = Path(__file__).with_name("shared_step.py")
TINY = Path(__file__).with_name("tiny_train.py")
TOGETHER = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")


def test_two_processes_have_the_gradient_of_one(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, *TOGETHER, str(SCRIPT), str(tmp_path / "shared")],
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    gradients(tmp_path / "alone")
    alone = load_file(tmp_path / "alone.0")
    for rank in range(2):
        shared = load_file(tmp_path / f"shared.{rank}")
        assert shared.keys() == alone.keys()
        for name, gradient in alone.items():
            torch.testing.assert_close(shared[name], gradient, rtol=1e-4, atol=1e-6)


def test_one_of_two_processes_validates_while_the_other_waits(demos: Path, tmp_path: Path) -> None:
    options = ["--model", "tiny", "--steps", "4", "--batch-size", "8", "--validate-every", "2"]
    command = [str(TINY), "train", str(demos), "--output", str(tmp_path / "run"), *options]
    subprocess.run(
        [sys.executable, *TOGETHER, *command],
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    validated = read_metrics(tmp_path / "run", "validation")
    assert [line["step"] for line in validated] == [2, 4]
