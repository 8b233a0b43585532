"""Random samples per second from our files and from peers', on the same episodes in one run."""

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import h5py
import tyro
from data_peers import Loader, Ours, Peer
from rich.console import Console
from rich.table import Table

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.export.run import export
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.reading.inflate import fastest_inflate, inflate_with_zlib
from vla_humanoid.data_collection.run_config import GenerationConfig


def raw_size(path: Path) -> int:
    """Return the bytes that the arrays of a dataset take without compression."""
    sizes: list[int] = []
    with open_dataset(path) as dataset:
        for demo in dataset.demos():
            for group in ("obs", "states", "initial_state", "final_state", "balance"):
                paths = [f"{group}/{name}" for name in demo.dataset_paths(group)]
                sizes += [demo.dataset(name).nbytes for name in paths]
            for name in ("actions", "rewards", "dones", "subgoal", "progress", "sentence"):
                sizes.append(demo.dataset(name).nbytes)
            sizes.append(demo.dataset("foot_wrenches").nbytes)
    return sum(sizes)


def write_uncompressed(source: Path, target: Path) -> None:
    """Copy a dataset without compression and without chunks, as robomimic does by default."""
    shutil.copy(source, target)
    with open_dataset(source) as dataset, h5py.File(target, "r+") as file:
        for demo in dataset.demos():
            for camera in demo.cameras:
                path = f"data/{demo.name}/obs/{camera}_image"
                del file[path]
                file[path] = demo.frames(camera)[()]


def loaders(
    data: Path, folder: Path, robomimic: Path | None, lerobot: Path | None, console: Console
) -> Iterator[tuple[str, Loader]]:
    """Yield every loader that can be measured here."""
    yield "ours, compressed, zlib", Ours(data, inflate_with_zlib)
    if fastest_inflate() is inflate_with_zlib:
        console.print("left out: ours with the extra \\[speed], which is not installed")
    else:
        yield "ours, compressed, libdeflate", Ours(data, fastest_inflate())
    if robomimic is None:
        console.print("left out: robomimic; pass --robomimic-python")
    else:
        raw = folder / "uncompressed.hdf5"
        write_uncompressed(data, raw)
        for name, path, sequence in (
            ("robomimic, sequence 16, uncompressed", raw, 16),
            ("robomimic, sequence 1, uncompressed", raw, 1),
            ("robomimic, sequence 16, our compressed file", data, 16),
        ):
            arguments = (str(path), "--sequence", str(sequence))
            yield name, Peer(robomimic, "peer_robomimic.py", *arguments)
    if lerobot is None:
        console.print("left out: LeRobot; pass --lerobot-python")
    else:
        export([data], folder / "lerobot", "lerobot")
        yield "LeRobotDataset, video", Peer(lerobot, "peer_lerobot.py", str(folder / "lerobot"))


@contextmanager
def dataset_to_read(data: Path | None, folder: Path, episodes: int) -> Iterator[Path]:
    """Give the dataset named, or a fresh one of PickPlace, 224 x 224 pixels, everything random."""
    if data is None:
        data = folder / "demos.hdf5"
        generate(GenerationConfig("PickPlace", episodes=episodes), data, workers=2)
    yield data


def main(
    data: Path | None = None,
    episodes: int = 20,
    rounds: int = 15,
    samples: int = 100,
    robomimic_python: Path | None = None,
    lerobot_python: Path | None = None,
) -> None:
    """Print the size of the file and samples per second of one core: median, least and most.

    The loaders take turns, round by round, since others may be using the machine. Time is that of
    the processor, all threads together.

    Args:
        data: dataset to read; one is generated if it is not given.
        episodes: how many to generate.
        rounds: of each loader, after one that is not counted.
        samples: in each round.
        robomimic_python: interpreter of an environment with robomimic 0.3 and torch.
        lerobot_python: interpreter of an environment with LeRobot.
    """
    console = Console(width=110)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = stack.enter_context(dataset_to_read(data, folder, episodes))
        size, raw = path.stat().st_size, raw_size(path)
        console.print(
            f"{path.name}: {size / 1e6:.1f} MB, {size / raw:.1%} of {raw / 1e6:.1f} MB uncompressed"
        )
        found = dict(loaders(path, folder, robomimic_python, lerobot_python, console))
        for loader in found.values():
            stack.callback(loader.close)
        rates: dict[str, list[float]] = {name: [] for name in found}
        for _ in range(rounds + 1):
            for name, loader in found.items():
                rates[name].append(loader.rate(samples))
    table = Table(title=f"samples/s of one core, {rounds} rounds of {samples}")
    for column in ("loader", "median", "least", "most"):
        table.add_column(column)
    for name, values in rates.items():
        counted = values[1:]
        figures = (statistics.median(counted), min(counted), max(counted))
        table.add_row(name, *(f"{value:.0f}" for value in figures))
    console.print(table)


if __name__ == "__main__":
    tyro.cli(main)
