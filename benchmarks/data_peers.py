"""Loaders that are compared: each reads random samples on request, in this process or another."""

import subprocess
import time
from pathlib import Path
from typing import IO, Protocol

import numpy as np

from vla_humanoid.data_collection import Dataset
from vla_humanoid.data_collection.reading import located_file
from vla_humanoid.data_collection.reading.inflate import Inflate

BATCH = 32
"""Samples that our loader is asked for at once."""


class Loader(Protocol):
    """Something that reads samples."""

    def rate(self, samples: int) -> float:
        """Return random samples per second of processor time."""
        ...

    def close(self) -> None:
        """Release what it holds."""
        ...


class Ours:
    """`Dataset`, two images, the state and 16 actions a sample.

    Args:
        path: of the dataset file.
        inflate: what decompresses images.
    """

    def __init__(self, path: Path, inflate: Inflate) -> None:
        self._dataset = Dataset(path, mask=None, action_steps=16)
        self._inflate = inflate
        self._rng = np.random.default_rng(0)

    def rate(self, samples: int) -> float:
        """Return random samples per second of processor time."""
        located_file.inflate = self._inflate
        chosen = self._rng.integers(len(self._dataset), size=samples).tolist()
        start = time.process_time()
        for first in range(0, samples, BATCH):  # As a `DataLoader` asks for them.
            self._dataset.__getitems__(chosen[first : first + BATCH])
        return samples / (time.process_time() - start)

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()


class Peer:
    """Another library's loader, in a process and an environment of its own.

    It is a script that answers each number of samples on its standard input by a rate.

    Args:
        python: of the environment.
        script: one of ``benchmarks/peer_*.py``.
        arguments: of the script.
    """

    def __init__(self, python: Path, script: str, *arguments: str) -> None:
        command = [str(python), str(Path(__file__).with_name(script)), *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def rate(self, samples: int) -> float:
        """Return random samples per second of processor time.

        Raises:
            RuntimeError: if the process has ended.
        """
        to_peer, from_peer = _pipes(self._process)
        to_peer.write(f"{samples}\n")
        to_peer.flush()
        answer = from_peer.readline()
        if not answer:
            raise RuntimeError(f"{self._process.args} has ended; see its output above")
        return float(answer)

    def close(self) -> None:
        """End the process."""
        _pipes(self._process)[0].close()
        self._process.wait()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process has no pipes")
    return process.stdin, process.stdout
