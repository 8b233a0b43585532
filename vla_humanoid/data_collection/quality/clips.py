"""Films of a few episodes, to be embedded in a page."""

import tempfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vla_humanoid.data_collection.dataset_file import DatasetFile
from vla_humanoid.data_collection.layout import demo_number
from vla_humanoid.data_collection.pictures import write_video

CLIPS = 4


def clips(dataset: DatasetFile, count: int = CLIPS) -> Iterator[tuple[str, str]]:
    """Yield the names of episodes, spread over the file, and a film of each as a data URL.

    Raises:
        DatasetError: if images cannot be read.
    """
    names = [demo.name for demo in dataset.demos() if demo.cameras]
    places = np.linspace(0, len(names) - 1, min(count, len(names))).round().astype(int)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        for name in (names[int(place)] for place in places):
            write_video(dataset, demo_number(name), path)
            yield name, f"data:video/mp4;base64,{b64encode(path.read_bytes()).decode()}"
