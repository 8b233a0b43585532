"""A program for the tests to kill: generates slowly on the cluster of an address."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "data_collection"))

from fake_environment import make_slow
from generate_until_killed import CONFIG

from vla_humanoid.data_collection.generation import generate

if __name__ == "__main__":
    output, address = Path(sys.argv[1]), sys.argv[2]
    generate(CONFIG, output, workers=2, existing="resume", make=make_slow, ray=address)
