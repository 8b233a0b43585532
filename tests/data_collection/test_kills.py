"""What `benchmarks/kills.py` measures, with a few kills."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fake_environment import make_fake
from generate_until_killed import CONFIG
from kills import digest, torment_generation

from vla_humanoid.data_collection.generation import generate


@pytest.mark.slow
def test_kills_cost_nothing_but_time(tmp_path: Path) -> None:
    reference, output = tmp_path / "reference.hdf5", tmp_path / "demos.hdf5"
    generate(CONFIG, reference, workers=1, make=make_fake)
    program = Path(__file__).with_name("generate_until_killed.py")

    def start(output: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, str(program), str(output)], start_new_session=True)

    damage = torment_generation(
        start, output, digest(reference), kills=6, pause=2.0, rng=np.random.default_rng(1)
    )
    assert damage.kills.total() >= 6
    assert (damage.unreadable, damage.lost, damage.different) == (0, 0, 0)
    assert damage.same >= 1
