"""Rate of the whole generation command, images and file included, and memory of its workers."""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import tyro
from processes import resident_memory
from rich.console import Console

COMMAND = "import sys; from vla_humanoid.cli import main; sys.exit(main())"


def watch(parent: int, samples: list[dict[int, float]], stop: threading.Event) -> None:
    """Sample the children's memory once a second until told to stop."""
    while not stop.wait(1.0):
        samples.append(resident_memory(parent))


def main(episodes: int = 50, workers: int = 2, seed: int = 0) -> None:
    """Print episodes per minute, bytes per episode and memory over the run.

    Args:
        episodes: successful episodes to generate.
        workers: processes.
        seed: of the run.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "demos.hdf5"
        arguments = ["generate", "PickPlace", "--output", str(output)]
        arguments += ["--episodes", str(episodes), "--workers", str(workers), "--seed", str(seed)]
        start = time.perf_counter()
        run = subprocess.Popen([sys.executable, "-c", COMMAND, *arguments])
        samples: list[dict[int, float]] = []
        stop = threading.Event()
        watcher = threading.Thread(target=watch, args=(run.pid, samples, stop))
        watcher.start()
        code = run.wait()
        seconds = time.perf_counter() - start
        stop.set()
        watcher.join()
        if code != 0:
            sys.exit(code)
        size = output.stat().st_size
    largest = [max(sample.values(), default=0.0) for sample in samples]
    quarter = max(len(largest) // 4, 1)
    Console().print(
        f"{episodes} episodes, {workers} workers, start and merge included: "
        f"{60.0 * episodes / seconds:.1f} episodes/min, {size / episodes / 1e6:.1f} MB each; "
        f"largest process {max(largest, default=0.0):.0f} MiB, second quarter of the run at most "
        f"{max(largest[quarter : 2 * quarter], default=0.0):.0f} MiB, "
        f"last quarter {max(largest[-quarter:], default=0.0):.0f}"
    )


if __name__ == "__main__":
    tyro.cli(main)
