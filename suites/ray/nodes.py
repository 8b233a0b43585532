"""Two nodes on this machine, one of which may be killed."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen


@dataclass
class TwoNodes:
    """A cluster whose second node may be killed."""

    address: str
    raylet: Popen[bytes]

    def kill_second(self) -> None:
        """Kill the node's raylet and every worker that it started, as a power cut does."""
        for pid in [self.raylet.pid, *children(self.raylet.pid)]:
            os.kill(pid, signal.SIGKILL)


def children(parent: int) -> list[int]:
    found: list[int] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found
