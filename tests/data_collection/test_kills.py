"""What `benchmarks/kills.py` measures, with a few kills."""

from pathlib import Path

import numpy as np
import pytest
from fake_environment import make_fake
from generate_until_killed import CONFIG
from kills import STAND_IN, digest, program_starter, torment_generation

from vla_humanoid.data_collection.generation import generate


@pytest.mark.slow
def test_kills_cost_nothing_but_time(tmp_path: Path) -> None:
    reference, output = tmp_path / "reference.hdf5", tmp_path / "demos.hdf5"
    generate(CONFIG, reference, workers=1, make=make_fake)
    damage = torment_generation(
        program_starter(STAND_IN),
        output,
        digest(reference),
        kills=6,
        pause=1.0,
        rng=np.random.default_rng(1),
    )
    assert damage.total >= 6
    assert (damage.unreadable, damage.lost, damage.different) == (0, 0, 0)
    assert damage.same >= 1
