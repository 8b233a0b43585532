"""Looks at a file in a process of its own first: damage may hang or crash the HDF5 library itself.

A damaged heap of texts, for one, sends HDF5 2.0 into a loop without end, which nothing inside the
process can stop.
"""

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

from vla_humanoid.data_collection.dataset_file import Demo, open_dataset
from vla_humanoid.data_collection.errors import DatasetError

PATIENCE = 60.0
"""Seconds that reading a small file may take; a large one has more."""
_RATE = 20e6
"""Bytes per second that the slowest disk reads."""
_EPISODE_TEXTS = ("instruction", "paraphrases", "subgoals", "randomization", "said", "failure")


def probe(path: Path, patience: float = PATIENCE) -> None:
    """Read the outline of a file in another process: texts, and a row of each dataset.

    What is merely wrong is nothing that this looks for.

    Args:
        path: of the file.
        patience: seconds to wait, for a small file.

    Raises:
        DatasetError: if HDF5 crashes over it, or does not come back.
    """
    size = path.stat().st_size if path.is_file() else 0
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_read_outline, args=(path, there), daemon=True)
    process.start()
    there.close()
    try:
        answered = here.poll(patience + size / _RATE)
        if not answered:
            raise DatasetError(f"{path} is damaged: HDF5 does not come back from reading it.")
        here.recv()
    except EOFError as error:
        process.join()
        raise DatasetError(
            f"{path} is damaged: HDF5 crashed over it (exit status {process.exitcode})."
        ) from error
    finally:
        process.kill()
        process.join()
        here.close()


def _read_outline(path: Path, answer: Connection) -> None:
    try:
        with open_dataset(path) as dataset:
            dataset.masks()
            for demo in dataset.demos():
                _read_demo(demo)
    except DatasetError:
        pass  # Whoever asked finds out again, and says what is wrong.
    answer.send(None)


def _read_demo(demo: Demo) -> None:
    for name in filter(demo.has_attribute, _EPISODE_TEXTS):
        demo.text(name)
    for path in demo.dataset_paths(""):
        demo.array(path, slice(0, 1))
