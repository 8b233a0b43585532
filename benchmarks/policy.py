"""Times a checkpoint: inference of one chunk on one core, steps of training, and their data.

python benchmarks/policy.py                                 # inference of the shipped one
python benchmarks/policy.py run/best --files demos.hdf5     # of another; training steps as well
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
import tyro

from vla_humanoid.policies.checkpoint_policy import CheckpointPolicy
from vla_humanoid.policies.loading import SHIPPED, checkpoint_folder
from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.training.allocator import keep_freed_memory
from vla_humanoid.training.config import TrainingConfig
from vla_humanoid.training.data import training_batches, training_set
from vla_humanoid.training.distributed import ALONE
from vla_humanoid.training.preparation import prepare
from vla_humanoid.training.request import Request
from vla_humanoid.training.schedule import Schedule
from vla_humanoid.training.trainer import Trainer

_WARM_UP = 3
"""Rounds that are not counted."""


def inference(checkpoint: Path, rounds: int, sentence: str, *, begins: bool) -> list[float]:
    """Return how long each chunk took [ms], with another image and state every time.

    Args:
        checkpoint: folder of the model.
        rounds: chunks that are timed.
        sentence: that the model is told.
        begins: whether each is the first of an episode, or none is: what a model remembers it need
            not look at again.
    """
    torch.set_num_threads(1)
    policy = CheckpointPolicy.load(checkpoint)
    told = policy.description
    rng, times = np.random.default_rng(0), list[float]()
    shape = (told.image_size, told.image_size, 3)
    nothing = np.zeros((0, told.action.dim), np.float32)
    policy.reset(sentence)
    for _ in range(_WARM_UP + rounds):
        if begins:
            policy.reset(sentence)
        images = {f"images/{name}": rng.integers(0, 256, shape, np.uint8) for name in told.cameras}
        state = rng.normal(size=len(told.state)).astype(np.float32)
        query = Query({**images, "state": state, "instruction": sentence}, nothing)
        start = perf_counter()
        policy.act(query)
        times.append(1e3 * (perf_counter() - start))
    return times[_WARM_UP:]


@dataclass(frozen=True)
class Training:
    """How long training takes, and its data.

    Args:
        steps: each step [ms].
        waited: share of that spent waiting for data.
        reading: a batch, when nothing is done but to read, on average [ms].
    """

    steps: list[float]
    waited: float
    reading: float


def training(
    checkpoint: Path, files: tuple[Path, ...], steps: int, batch_size: int, readers: int
) -> Training:
    """Train a checkpoint further, and then only read as many batches again."""
    told = TrainingConfig(steps=_WARM_UP + steps, batch_size=batch_size)
    schedule = Schedule(readers=readers)
    request = Request(files, Path(), training=told, schedule=schedule, init=checkpoint)
    model = prepare(request).train()
    with training_set(request, model.config) as dataset:
        drawn = training_batches(request, dataset, model, 0, ALONE)
        reports = list(Trainer(model, told).train(drawn))[_WARM_UP:]
        del drawn  # So that its readers end.
        reading = _reading_time(training_batches(request, dataset, model, 0, ALONE), steps)
    whole = sum(report.seconds for report in reports)
    waited = sum(report.waited for report in reports)
    return Training([1e3 * report.seconds for report in reports], waited / whole, reading)


def _reading_time(batches: Iterator[object], count: int) -> float:
    """Return the mean time of a batch [ms], once those are used up that were read in advance."""
    for _ in range(_WARM_UP + count):
        next(batches)
    start = perf_counter()
    for _ in range(count):
        next(batches)
    return 1e3 * (perf_counter() - start) / count


def main(
    checkpoint: tyro.conf.Positional[str] = SHIPPED,
    files: tuple[Path, ...] = (),
    rounds: int = 200,
    steps: int = 30,
    batch_size: int = 64,
    readers: int = 1,
    sentence: str = "put the red can on the blue plate",
) -> None:
    """Print a table in Markdown.

    Args:
        checkpoint: folder of the model, or the shipped one.
        files: datasets to time training on; none for inference alone.
        rounds: chunks that are timed.
        steps: of training that are timed.
        batch_size: of these.
        readers: processes that read samples.
        sentence: that the model is told.
    """
    keep_freed_memory()
    folder = checkpoint_folder(checkpoint)
    if folder is None:
        raise SystemExit(f"There is no checkpoint {checkpoint}.")
    print("| what | median | p99 |\n| --- | --- | --- |")
    for what, begins in (("the first chunk of an episode", True), ("any other", False)):
        times = inference(folder, rounds, sentence, begins=begins)
        _line(f"{what}, batch 1, one core", times)
    if files:
        found = training(folder, files, steps, batch_size, readers)
        waited = f"{found.waited:.1%} waiting for data"
        _line(f"a training step, batch {batch_size}, one core; {waited}", found.steps)
        print(f"| reading such a batch, mean, {readers} reader(s) | {found.reading:.1f} ms | |")


def _line(what: str, times: list[float]) -> None:
    median, p99 = np.percentile(times, [50, 99])
    print(f"| {what} | {median:.1f} ms | {p99:.1f} ms |")


if __name__ == "__main__":
    tyro.cli(main)
