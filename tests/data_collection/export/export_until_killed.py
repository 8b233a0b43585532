"""Exports a dataset file, slowly enough to be killed at any moment: FILE OUTPUT FORMAT SECONDS."""

import sys
import time
from pathlib import Path

from vla_humanoid.data_collection.export.run import export

path, output, name, seconds = sys.argv[1:]
sys.stdout.write("ready\n")
sys.stdout.flush()
export(
    [Path(path)],
    Path(output),
    name,
    overwrite=True,
    on_episode=lambda done, total: time.sleep(float(seconds)),
)
