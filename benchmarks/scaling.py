"""Measures what generation costs, two workers against one, and writes docs/scaling.md."""

import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import tyro
from processes import cpu_seconds, load, worker_processes
from rich.console import Console
from scaling_log import note, read
from scaling_page import page

from vla_humanoid.data_collection.attempts import AttemptResult, PartsFolder
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.dataset_index import write_index, write_merged
from vla_humanoid.data_collection.generation import GenerationRun, Progress, generate
from vla_humanoid.data_collection.run_config import GenerationConfig, RunDescription

PAGE = Path(__file__).parents[1] / "docs" / "scaling.md"
EMPTY = RunDescription("{}", "[]", "[]", "[]", "", "{}")
"""What an index says of its run does not matter to how long writing it takes."""


@dataclass(frozen=True)
class Cost:
    """What a run has cost between its second attempt and its last.

    Args:
        workers: processes.
        attempts: made meanwhile.
        seconds: on the clock.
        worker_cpu: computed by the workers [s].
        start_cpu: computed by all workers from their start to the end, less `worker_cpu`, and less
            the first two attempts at the same cost, for each worker [s].
    """

    workers: int
    attempts: int
    seconds: float
    worker_cpu: float
    start_cpu: float

    @property
    def rate(self) -> float:
        """Attempts per second on the clock."""
        return self.attempts / self.seconds


def run(config: GenerationConfig, output: Path, workers: int) -> Cost:
    """Generate a dataset whose episodes stay in their parts, and measure it."""
    samples: list[tuple[int, float, float]] = []

    def sample(progress: Progress) -> None:
        spent = sum(cpu_seconds(pid) for pid in worker_processes())
        samples.append((progress.attempts, time.monotonic(), spent))

    before = _children()
    generate(config, output, workers=workers, on_progress=sample, merge="links")
    total = _children() - before
    first, last = next(s for s in samples if s[0] >= 2), samples[-1]
    attempts = last[0] - first[0]
    computed = last[2] - first[2]
    start = max(total - computed - first[0] * computed / attempts, 0.0) / workers
    return Cost(workers, attempts, last[1] - first[1], computed, start)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class InstantPool:
    """Carries attempts out in no time, so that only what the writer does is left."""

    description: RunDescription | None = EMPTY
    replaced = 0

    def __init__(self) -> None:
        self._attempt: int | None = None

    @property
    def in_flight(self) -> frozenset[int]:
        """The attempt that has been assigned."""
        return frozenset() if self._attempt is None else frozenset([self._attempt])

    @property
    def has_idle(self) -> bool:
        """Whether another one can be assigned."""
        return self._attempt is None

    def assign(self, attempt: int) -> None:
        """Take an attempt."""
        self._attempt = attempt

    def wait(self) -> list[AttemptResult]:
        """Return the attempt as a success."""
        number, self._attempt = self._attempt, None
        return [] if number is None else [AttemptResult(number, number, True, None, 100, True)]


def measure_writer(folder: Path, episodes: int) -> float:
    """Return what the writer computes for an attempt in a run of so many, index included [s]."""
    output = folder / "written.hdf5"
    parts = PartsFolder(output)
    parts.open()
    config = GenerationConfig("PickPlace", episodes=episodes, cameras=())
    run = GenerationRun(config, output, parts, resume=False, on_progress=lambda progress: None)
    began = time.process_time()
    run.carry_out(InstantPool())
    computed = time.process_time() - began
    parts.close()
    parts.remove()
    return computed / episodes


def timed(act: Callable[[], object], times: int = 3) -> float:
    """Return the least time that something takes [s]."""
    seconds: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def measure(episodes: int, rounds: int, links: int, image_size: int, seed: int) -> None:
    """Note what runs with one and with two workers cost, and what it takes to merge them."""
    console = Console()
    config = GenerationConfig("PickPlace", episodes=episodes, seed=seed, image_size=image_size)
    costs: list[Cost] = []
    under = load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(rounds):
            # Whoever else computes here gets in the way of both alike.
            for workers in (1, 2) if number % 2 == 0 else (2, 1):
                output = folder / f"{number}_{workers}.hdf5"
                costs.append(run(config, output, workers))
                console.print(costs[-1], soft_wrap=True)
        found = {"costs": [asdict(cost) for cost in costs], "load": under, "then": load()}
        note("generation", found)
        note("merge", measure_merge(folder / "0_1.hdf5", config, links) | {"load": load()})


def measure_merge(output: Path, config: GenerationConfig, links: int) -> dict[str, object]:
    """Return what it takes, for each episode [s], to merge a run in either way and to resume it."""
    parts = PartsFolder(output)
    results = list(parts.results().values())
    recorded = [result for result in results if result.recorded]
    images = [parts.shard(result.attempt).read_bytes() for result in recorded]
    elsewhere = PartsFolder(output.with_name("stored.hdf5"))
    elsewhere.path.mkdir()

    def store() -> None:
        for result, image in zip(recorded, images, strict=True):
            elsewhere.store_image(result, image)

    many = [AttemptResult(k, k, True, None, 100, True) for k in range(links)]
    merged, index = output.with_name("merged.hdf5"), output.with_name("index.hdf5")
    with open_dataset(output) as dataset:
        steps = sum(demo.steps for demo in dataset.demos())
    copying = timed(lambda: write_merged(merged, parts, config, EMPTY, results))
    linking = timed(lambda: write_index(index, elsewhere, config, EMPTY, many), times=1)
    return {
        "episodes": len(recorded),
        "bytes": sum(len(image) for image in images) / len(recorded),
        "steps": steps / len(recorded),
        "store": timed(store) / len(recorded),
        "copy": copying / len(recorded),
        "writer": measure_writer(output.parent, links),
        "link": linking / links,
        "links": links,
        "resume": timed(parts.results) / len(results),
    }


def main(
    episodes: int = 24,
    rounds: int = 3,
    links: int = 100_000,
    image_size: int = 224,
    seed: int = 0,
    page_only: bool = False,
) -> None:
    """Measure, and write the page from what has been measured, by `benchmarks/kills.py` as well.

    Args:
        episodes: of each run.
        rounds: each of a run with one worker and one with two.
        links: in the index that is timed.
        image_size: of the two cameras [px].
        seed: of the runs.
        page_only: measure nothing.
    """
    if not page_only:
        measure(episodes, rounds, links, image_size, seed)
    PAGE.write_text(page(PAGE.read_text(), read()))


if __name__ == "__main__":
    tyro.cli(main)
