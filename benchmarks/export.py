"""Speed of exporting to LeRobot, ours against LeRobot's own writer, on the same episodes.

They take turns. Frames are steps: each has as many images as there are cameras. Seconds are those
of the processor, because whoever else is at work on the machine does not count there.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import tyro
from rich.console import Console
from rich.table import Table

from vla_humanoid.data_collection.export.run import export
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig

PEER = Path(__file__).parent / "peer_lerobot_writer.py"
CODECS = {"libsvtav1": "LeRobot, AV1 (its default)", "h264": "LeRobot, H.264"}


def ours(path: Path, output: Path) -> tuple[float, float]:
    """Return frames a second of the processor and of the clock."""
    start, busy = time.perf_counter(), _cpu_seconds()
    steps = export([path], output, "lerobot").steps
    return steps / (_cpu_seconds() - busy), steps / (time.perf_counter() - start)


def theirs(python: Path, path: Path, output: Path, codec: str) -> tuple[float, float]:
    """Return the same of LeRobot's writer, its imports not counted."""
    done = subprocess.run(
        [str(python), "-W", "ignore", str(PEER), str(path), str(output), codec],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"LeRobot's writer failed: {done.stderr[-1000:]}")
    measured = json.loads(done.stdout.splitlines()[-1])
    frames = measured["frames"]
    return frames / measured["cpu_seconds"], frames / measured["seconds"]


def main(
    dataset: Path | None = None,
    episodes: int = 5,
    runs: int = 5,
    python: Path = Path(".venvs/lerobot044/bin/python"),
) -> None:
    """Print frames a second of each, over several runs.

    Args:
        dataset: file to export; without it, episodes of PickPlace with two cameras of 224 pixels.
        episodes: to generate, where no file is given.
        runs: of each.
        python: of an environment with LeRobot; scripts/test_lerobot makes this one.
    """
    console = Console()
    if not python.exists():
        console.print(f"{python} is missing; run scripts/test_lerobot.")
        sys.exit(2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if dataset is None:
            dataset = folder / "demos.hdf5"
            generate(GenerationConfig("PickPlace", episodes=episodes), dataset)
        path = dataset
        contenders: dict[str, Callable[[Path], tuple[float, float]]] = {
            "ours, H.264": lambda output: ours(path, output)
        }
        for codec, label in CODECS.items():
            contenders[label] = lambda output, codec=codec: theirs(python, path, output, codec)
        found: dict[str, list[tuple[float, float]]] = {label: [] for label in contenders}
        for run in range(runs):
            for number, (label, measure) in enumerate(contenders.items()):
                found[label].append(measure(folder / f"{run}-{number}"))
    console.print(_table(found, runs))


def _table(found: dict[str, list[tuple[float, float]]], runs: int) -> Table:
    columns = ("frames a processor second: median", "least", "most", "ours is", "by the clock")
    table = Table("writer", *columns, title=f"{runs} runs of each, taking turns")
    best = statistics.median(rate for rate, _ in next(iter(found.values())))
    for label, rates in found.items():
        busy = [rate for rate, _ in rates]
        median = statistics.median(busy)
        clock = statistics.median(rate for _, rate in rates)
        cells = (f"{median:.0f}", f"{min(busy):.0f}", f"{max(busy):.0f}", f"{best / median:.1f} x")
        table.add_row(label, *cells, f"{clock:.0f}")
    return table


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    tyro.cli(main)
