"""Attempts at an episode: their seeds, their results, and the folder that keeps them safe.

While a run is under way, each finished attempt is a small file of its own next to the output, in
``<output>.parts``: an HDF5 file if it is part of the dataset, a line of JSON if it only counts.
Files appear under their final name complete or not at all, so a run can be killed at any time.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import h5py
import numpy as np

from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.episode_file import episode_image
from vla_humanoid.data_collection.errors import DatasetError, GenerationError
from vla_humanoid.data_collection.recorder import EpisodeRecord

SHARD_GROUP = "demo"
_RUN_FILE = "run.json"
_TEMPORARY = ".tmp"


def attempt_seed(run_seed: int, attempt: int) -> int:
    """Return the seed of an attempt's episode, in [0, 2**31): a hash of its two arguments."""
    return int(np.random.SeedSequence([run_seed, attempt]).generate_state(1)[0] >> 1)


@dataclass(frozen=True)
class AttemptResult:
    """How an attempt went.

    Args:
        attempt: its number, from 0.
        seed: of its episode.
        success: whether the episode succeeded.
        failure: why not, or None.
        steps: actions taken.
        recorded: whether it is part of the dataset.
    """

    attempt: int
    seed: int
    success: bool
    failure: str | None
    steps: int
    recorded: bool


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that appears under its name complete or not at all, and survives a power cut.

    Raises:
        OSError: if it cannot be written; nothing is left behind then.
    """
    # The process id keeps a worker that outlived its killed parent out of the way.
    temporary = path.with_name(f"{path.name}.{os.getpid()}{_TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_file(path.parent)


def sync_file(path: Path) -> None:
    """Make the content of a file, or the renames inside a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class PartsFolder:
    """The folder ``<output>.parts`` of a run that is not finished.

    Args:
        output: the dataset file that the run will end in.
    """

    def __init__(self, output: Path) -> None:
        self.path = output.with_name(f"{output.name}.parts")
        self._lock: int | None = None

    def exists(self) -> bool:
        """Whether an unfinished run left its folder."""
        return self.path.is_dir()

    @property
    def size(self) -> int:
        """Of the episodes in the folder [bytes]; 0 if there is no folder."""
        return sum(path.stat().st_size for path in self.path.glob("attempt_*"))

    def open(self) -> None:
        """Create the folder if need be, lock it, and clear away what a killed run left half done.

        Raises:
            GenerationError: if another process is using it.
        """
        self.path.mkdir(exist_ok=True)
        self._lock = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR, 0o644)
        try:
            # The kernel lets go of the lock however the process ends.
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            self._lock = None
            raise GenerationError(
                f"Another process is generating into {self.path}; wait for it or choose "
                "another output."
            ) from error
        for leftover in self.path.glob(f"*{_TEMPORARY}"):
            leftover.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the lock; a folder in which no run was started goes as well."""
        if self._lock is not None:
            if self.read_run() is None:
                self.remove()
            os.close(self._lock)
            self._lock = None

    def remove(self) -> None:
        """Delete the folder with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def clear(self) -> None:
        """Delete what an earlier run left in the folder."""
        (self.path / _RUN_FILE).unlink(missing_ok=True)
        for path in self.path.glob("attempt_*"):
            path.unlink()

    def write_run(self, run: Mapping[str, Mapping[str, object]]) -> None:
        """Note what the run is asked for and carried out with."""
        write_atomically(self.path / _RUN_FILE, json.dumps(run, indent=1).encode())

    def read_run(self) -> Mapping[str, Mapping[str, object]] | None:
        """Return what `write_run` noted, or None if the run got no further than its folder.

        Raises:
            DatasetError: if the note is damaged.
        """
        try:
            return dict(json.loads((self.path / _RUN_FILE).read_text()))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise DatasetError(f"{self.path / _RUN_FILE} is damaged: {error}.") from error

    def temporary(self, name: str) -> Path:
        """Return the path of a file that the next run may clear away."""
        return self.path / f"{name}{_TEMPORARY}"

    def shard(self, attempt: int) -> Path:
        """Return the path of an attempt's HDF5 file."""
        return self.path / f"attempt_{attempt:06d}.hdf5"

    def store(self, result: AttemptResult, record: EpisodeRecord | None) -> None:
        """Keep a finished attempt.

        Args:
            result: how it went.
            record: what was recorded if it is part of the dataset.

        Raises:
            OSError: if it cannot be written.
        """
        self.store_image(result, None if record is None else episode_image(record, SHARD_GROUP))

    def store_image(self, result: AttemptResult, image: bytes | None) -> None:
        """Keep a finished attempt whose file was put together elsewhere.

        Args:
            result: how it went.
            image: what its file holds if it is part of the dataset, as `episode_image` returns it.

        Raises:
            OSError: if it cannot be written.
        """
        if image is not None:
            write_atomically(self.shard(result.attempt), image)
        else:
            path = self.shard(result.attempt).with_suffix(".json")
            write_atomically(path, json.dumps(asdict(result)).encode())

    def results(self) -> dict[int, AttemptResult]:
        """Return every attempt that was kept, by number; one that does not read is left out."""
        shards = (_read_shard(path) for path in sorted(self.path.glob("attempt_*.hdf5")))
        notes = (_read_note(path) for path in sorted(self.path.glob("attempt_*.json")))
        found = [*shards, *notes]
        return {result.attempt: result for result in found if result is not None}


def _read_shard(path: Path) -> AttemptResult | None:
    try:
        with h5py.File(path, "r") as file:
            demo = Demo(file.require_group(SHARD_GROUP), path, SHARD_GROUP)
            return AttemptResult(
                attempt=demo.integer("attempt"),
                seed=demo.integer("seed"),
                success=demo.success,
                failure=demo.text("failure") or None,
                steps=demo.steps,
                recorded=True,
            )
    except (OSError, ValueError, DatasetError):
        return None  # Damaged by something other than us; the attempt is made again.


def _read_note(path: Path) -> AttemptResult | None:
    try:
        return AttemptResult(**json.loads(path.read_text()))
    except (ValueError, TypeError):
        return None
