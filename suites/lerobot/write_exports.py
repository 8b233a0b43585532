"""Writes what the suite reads, into a folder: demos.hdf5, lerobot/ and gr00t/.

It runs in the environment of the package; the suite itself runs in LeRobot's.
"""

import sys
from pathlib import Path

from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.run import export
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig

EPISODES = 3
IMAGE_SIZE = 96
FILE_MB = 0.1
"""So small that there are several files of everything."""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    demos = folder / "demos.hdf5"
    config = GenerationConfig("PickPlace", episodes=EPISODES, image_size=IMAGE_SIZE)
    generate(config, demos, workers=2, existing="overwrite")
    options = ExportOptions(file_mb=FILE_MB)
    export([demos], folder / "lerobot", "lerobot", options=options, overwrite=True)
    export([demos], folder / "gr00t", "gr00t", overwrite=True)


if __name__ == "__main__":  # Workers import this file.
    main(Path(sys.argv[1]))
