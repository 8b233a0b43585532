"""Two processes that share a batch follow the gradient that one alone follows."""

import os
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from shared_step import gradients

SCRIPT = Path(__file__).with_name("shared_step.py")


def test_two_processes_have_the_gradient_of_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    subprocess.run(
        [*command, str(SCRIPT), str(tmp_path / "shared")],
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
