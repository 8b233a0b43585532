"""Whether exports stream: their peak memory on files of 2, 8 and 32 episodes."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import h5py
import numpy as np
import tyro
from rich.console import Console
from rich.table import Table

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig

FORMATS = ("lerobot", "gr00t", "rlds", "robomimic")
PROGRAM = """
import resource, sys
from pathlib import Path
from vla_humanoid.data_collection.export.run import export
export([Path(sys.argv[1])], Path(sys.argv[2]), sys.argv[3])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def repeat(dataset: Path, output: Path, episodes: int) -> None:
    """Write a dataset with the episodes of another, over and over, all of them for training."""
    with open_dataset(dataset) as source:
        steps = {demo.name: demo.steps for demo in source.demos()}
    copied = list(islice(cycle(steps), episodes))
    names = [layout.demo_name(number) for number in range(episodes)]
    with h5py.File(dataset) as few, h5py.File(output, "w") as many:
        many.attrs.update(few.attrs)
        data = many.create_group(layout.DATA)
        data.attrs.update(few[layout.DATA].attrs)
        for name, original in zip(names, copied, strict=True):
            few.copy(f"{layout.DATA}/{original}", data, name)
        data.attrs["total"] = sum(steps[original] for original in copied)
        many.create_group(layout.MASK)["train"] = np.array(names, dtype="S")


def peak_memory(dataset: Path, output: Path, format_name: str) -> float:
    """Return the most resident memory that a process needs to export a file [MiB].

    Raises:
        subprocess.CalledProcessError: if it fails.
    """
    line = [sys.executable, "-c", PROGRAM, str(dataset), str(output), format_name]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def main(
    dataset: Path | None = None,
    episodes: tuple[int, ...] = (2, 8, 32),
    formats: tuple[str, ...] = FORMATS,
) -> None:
    """Print the peak memory of each format on files of each size.

    Args:
        dataset: whose episodes fill the files; without it, two episodes of PickPlace with two
            cameras of 224 pixels.
        episodes: sizes of the files.
        formats: to export to.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if dataset is None:
            dataset = folder / "demos.hdf5"
            generate(GenerationConfig("PickPlace", episodes=2), dataset)
        files = {count: folder / f"{count}.hdf5" for count in episodes}
        for count, file in files.items():
            repeat(dataset, file, count)
        megabytes = [f"{count} ({_raw_megabytes(file):.0f} MB)" for count, file in files.items()]
        rows = {
            target: [
                peak_memory(file, folder / f"{target}_{count}.hdf5", target)
                for count, file in files.items()
            ]
            for target in formats
        }
    Console().print(_table(megabytes, rows))


def _raw_megabytes(dataset: Path) -> float:
    sizes: list[int] = []
    with h5py.File(dataset) as file:
        file.visititems(lambda _, item: sizes.append(getattr(item, "nbytes", 0)))
    return sum(sizes) / 1e6


def _table(headings: Sequence[str], rows: dict[str, list[float]]) -> Table:
    table = Table(
        "format", *headings, title="peak memory [MiB]; episodes (their uncompressed size)"
    )
    for target, peaks in rows.items():
        table.add_row(target, *(f"{peak:.0f}" for peak in peaks))
    return table


if __name__ == "__main__":
    tyro.cli(main)
