"""Two processes that train a grounding network follow the mean of their gradients."""

import os
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from shared_ground_step import gradients
from written_scenes import write_scenes

from vla_humanoid.training.distributed import Share

SCRIPT = Path(__file__).with_name("shared_ground_step.py")


def test_two_processes_follow_the_mean_of_their_gradients(tmp_path: Path) -> None:
    scenes = write_scenes(tmp_path / "scenes.hdf5", 10)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    subprocess.run(
        [*command, str(SCRIPT), str(scenes), str(tmp_path / "shared")],
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    first, second = (gradients(scenes, Share(rank, 2)) for rank in range(2))
    assert not torch.equal(first["loss"], second["loss"])  # Each has scenes of its own.
    for rank in range(2):
        shared = load_file(tmp_path / f"shared.{rank}")
        assert shared.keys() == first.keys() == second.keys()
        for name, gradient in shared.items():
            mean = (first[name] + second[name]) / 2
            torch.testing.assert_close(gradient, mean, rtol=1e-3, atol=1e-5)
