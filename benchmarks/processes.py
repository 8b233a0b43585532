"""The processes that a process has started (Linux)."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MEBIBYTE = 1024.0


def _statuses(parent: int) -> Iterator[dict[str, str]]:
    for status in Path("/proc").glob("[0-9]*/status"):
        # The process may have ended meanwhile.
        with suppress(OSError, ValueError):
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if int(fields["PPid"]) == parent:
                yield fields


def resident_memory(parent: int) -> dict[int, float]:
    """Return the resident memory of a process's children [MiB], by process id."""
    return {
        int(fields["Pid"]): int(fields["VmRSS"].split()[0]) / MEBIBYTE
        for fields in _statuses(parent)
        if "VmRSS" in fields
    }


def worker_processes(parent: int | None = None) -> list[int]:
    """Return the ids of the workers that a process, or this one, has spawned."""
    found: list[int] = []
    for fields in _statuses(os.getpid() if parent is None else parent):
        pid = int(fields["Pid"])
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def cpu_seconds(pid: int) -> float:
    """Return how long a process has computed [s]; 0 if it has ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def load() -> str:
    """Return under which load something is measured, in words."""
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load {one:.1f} ({five:.1f} over five minutes)"
