"""A program for the tests to kill: generates slowly into the file it is given."""

import sys
from pathlib import Path

from fake_environment import make_slow

from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig

CONFIG = GenerationConfig("PickPlace", episodes=10, seed=11, cameras=("head",), image_size=16)

if __name__ == "__main__":
    generate(CONFIG, Path(sys.argv[1]), workers=2, existing="resume", make=make_slow)
