"""Kills generation and export at random, and counts what that has cost."""

import hashlib
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import tyro
from processes import load, worker_processes
from rich.console import Console
from rich.table import Table
from scaling_log import note

from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import DatasetError

COMMAND = "import sys; from vla_humanoid.cli import main; sys.exit(main())"
STAND_IN = Path(__file__).parents[1] / "tests" / "data_collection" / "generate_until_killed.py"
VICTIMS = ("worker", "worker", "writer", "everything")
"""Drawn from: workers are most of the processes."""

Start = Callable[[Path], "subprocess.Popen[bytes]"]
"""Begins, or resumes, whatever writes an output; in a process group of its own."""


@dataclass
class Damage:
    """What kills have cost.

    Args:
        kills: number, by who was killed.
        unreadable: files that were there after a kill and could not be read.
        lost: episodes that had been finished before a kill and were not there after it.
        stopped: runs that gave up, as they do when one attempt, or starting, costs three workers in
            a row; they were resumed.
        same: outputs whose content is that of an uninterrupted run.
        different: outputs whose content is not.
    """

    kills: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    lost: int = 0
    stopped: int = 0
    same: int = 0
    different: int = 0

    @property
    def total(self) -> int:
        """Number of kills."""
        return sum(self.kills.values())

    def count(self, victim: str, killed: bool) -> None:
        """Count a kill, if there was anybody to be killed."""
        self.kills[victim] = self.kills.get(victim, 0) + killed


def digest(path: Path) -> str:
    """Return a digest of a file, or of every file in a folder with its name."""
    found = hashlib.sha256()
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        found.update(str(file.relative_to(path)).encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def torment_generation(
    start: Start, output: Path, expected: str, kills: int, pause: float, rng: np.random.Generator
) -> Damage:
    """Kill runs until there have been enough kills, then let the last one finish.

    Args:
        start: begins or resumes a run into a file.
        output: that file.
        expected: its digest after an uninterrupted run.
        kills: how many.
        pause: mean time between two [s].
        rng: chooses whom to kill when.
    """
    damage = Damage()
    process = start(output)
    while damage.total < kills:
        if rng.random() < 0.5:
            _await_progress(process, output)
        time.sleep(float(rng.uniform(0, 2 * pause)))
        if process.poll() is not None:
            damage.stopped += process.returncode != 0
            if process.returncode == 0:
                _compare(damage, output, expected)
                output.unlink(missing_ok=True)
            process = start(output)
            continue
        before = finished(output)
        victim = str(rng.choice(VICTIMS))
        damage.count(victim, kill(process, victim, rng))
        if victim != "worker":
            process.wait()
        damage.unreadable += count_unreadable(output)
        lost = len(before - finished(output))
        # A run that has just been completed has no parts any more.
        damage.lost += 0 if is_complete(output) else lost
        if process.poll() is not None:
            process = start(output)
    while process.wait() != 0:
        damage.stopped += 1
        process = start(output)
    _compare(damage, output, expected)
    return damage


def torment_export(
    start: Start, output: Path, expected: str, kills: int, seconds: float, rng: np.random.Generator
) -> Damage:
    """Kill exports at random moments, each followed by one that is left alone.

    Args:
        start: begins an export into a folder.
        output: that folder.
        expected: its digest after an uninterrupted export.
        kills: how many.
        seconds: that an uninterrupted export takes.
        rng: chooses when.
    """
    damage = Damage()
    while damage.total < kills:
        process = start(output)
        time.sleep(float(rng.uniform(0, seconds)))
        if process.poll() is None:
            damage.count("everything", kill(process, "everything", rng))
            # Under its name an export is there whole or not at all.
            damage.unreadable += output.exists() and digest(output) != expected
            if not output.exists():
                start(output).wait()
        _compare(damage, output, expected)
        subprocess.run(["rm", "-r", str(output)], check=False)
    return damage


def _await_progress(process: "subprocess.Popen[bytes]", output: Path) -> None:
    """Wait until a run has finished another attempt, or has ended."""
    before = finished(output)
    while process.poll() is None and finished(output) <= before:
        time.sleep(0.05)


def kill(process: "subprocess.Popen[bytes]", victim: str, rng: np.random.Generator) -> bool:
    """Kill a worker, the writer, or both with everything that belongs to them.

    Returns:
        Whether there was anybody to be killed: the workers start after the writer.
    """
    if victim == "everything":
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    elif victim == "writer":
        process.kill()
    elif workers := worker_processes(process.pid):
        os.kill(int(rng.choice(workers)), signal.SIGKILL)
    else:
        return False
    return True


def finished(output: Path) -> set[int]:
    """Return the attempts that a run has kept."""
    return set(PartsFolder(output).results())


def is_complete(output: Path) -> bool:
    """Whether a run into a file has been completed."""
    if not output.exists():
        return False
    with open_dataset(output) as dataset:
        return dataset.complete


def count_unreadable(output: Path) -> int:
    """Count the demos of a file that cannot be read, and the file if it cannot be opened."""
    if not output.exists():
        return 0
    count = 0
    try:
        with open_dataset(output) as dataset:
            for name in dataset.demo_names():
                try:
                    demo = dataset.demo(name)
                    demo.actions()
                    demo.all_states()
                    for camera in demo.cameras:
                        demo.image(camera, demo.steps - 1)
                except DatasetError:
                    # What this file linked to goes when a writer that lives completes the run.
                    count += dataset.complete or not is_complete(output)
    except DatasetError:
        count += 1
    return count


def _compare(damage: Damage, output: Path, expected: str) -> None:
    if output.exists() and digest(output) == expected:
        damage.same += 1
    else:
        damage.different += 1


def starter(*arguments: str) -> Start:
    """Return what starts a command with these arguments before ``--output``."""

    def start(output: Path) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-c", COMMAND, *arguments, "--output", str(output)]
        return subprocess.Popen(line, stdout=subprocess.DEVNULL, start_new_session=True)

    return start


def program_starter(program: Path) -> Start:
    """Return what starts a program that takes the output as its only argument."""

    def start(output: Path) -> "subprocess.Popen[bytes]":
        line = [sys.executable, str(program), str(output)]
        return subprocess.Popen(line, stdout=subprocess.DEVNULL, start_new_session=True)

    return start


def torment_exports(
    dataset: Path, folder: Path, formats: Sequence[str], kills: int, rng: np.random.Generator
) -> dict[str, Damage]:
    """Kill exports of a file to several formats, equally often; return the damage by format.

    Args:
        dataset: that is exported.
        folder: where to.
        formats: as ``export --format`` takes them.
        kills: how many in all, at least.
        rng: chooses when.
    """
    rows: dict[str, Damage] = {}
    for name in formats:
        export = starter("export", str(dataset), "--format", name)
        reference = folder / f"{name}_reference"
        began = time.monotonic()
        if export(reference).wait() != 0:
            sys.exit(f"The uninterrupted export to {name} did not succeed.")
        seconds, each = time.monotonic() - began, math.ceil(kills / len(formats))
        expected = digest(reference)
        rows[name] = torment_export(export, folder / name, expected, each, seconds, rng)
    return rows


def main(
    kills: int = 50,
    exports: int = 10,
    formats: tuple[str, ...] = ("lerobot", "gr00t", "rlds"),
    episodes: int = 12,
    pause: float = 4.0,
    seed: int = 0,
    stand_in: bool = False,
    dataset: Path | None = None,
) -> None:
    """Print what random kills cost, and note it for docs/scaling.md.

    Half of the kills come at any time, half soon after an attempt has been finished.

    Args:
        kills: of generation.
        exports: kills of exports.
        formats: of the exports, which share the kills.
        episodes: of each run.
        pause: mean time between two kills of generation [s].
        seed: of the kills.
        stand_in: generate with the tests' stand-in for the robot, for a slow or busy machine.
        dataset: to export; the one that is generated if it is not given.
    """
    rng = np.random.default_rng(seed)
    request = ("PickPlace", "--episodes", str(episodes), "--cameras", "head", "--image-size", "64")
    generate = program_starter(STAND_IN) if stand_in else starter("generate", *request, "--resume")
    rows: dict[str, Damage] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reference = folder / "reference.hdf5"
        if kills:
            if generate(reference).wait() != 0:
                sys.exit("The uninterrupted run did not succeed.")
            rows["generate (stand-in)" if stand_in else "generate"] = torment_generation(
                generate, folder / "demos.hdf5", digest(reference), kills, pause, rng
            )
        if exports:
            damaged = torment_exports(dataset or reference, folder, formats, exports, rng)
            rows |= {f"export to {name}": damage for name, damage in damaged.items()}
    _show(rows)
    for command, damage in rows.items():
        what = {"stand_in": command.endswith("(stand-in)"), "load": load()}
        note(f"kills of {command}", {**asdict(damage), **what})
    if any(row.unreadable or row.lost or row.different for row in rows.values()):
        sys.exit(1)


def _show(rows: Mapping[str, Damage]) -> None:
    table = Table("command", "kills", "unreadable files", "lost episodes", "same content")
    for command, damage in rows.items():
        killed = ", ".join(f"{count} {who}" for who, count in sorted(damage.kills.items()))
        same = f"{damage.same} of {damage.same + damage.different}"
        table.add_row(command, killed, str(damage.unreadable), str(damage.lost), same)
    Console().print(table)


if __name__ == "__main__":
    tyro.cli(main)
