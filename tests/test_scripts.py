"""The scripts around the package, with stand-ins for what they start."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SET_UP = """
set -euo pipefail
set_up() { :; }
say() { printf '==> %s\\n' "$*"; }
"""
COMMAND = """#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$CALLS"
"""


class Demo:
    """scripts/demo in a folder of its own, with a command that only notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        scripts = folder / "scripts"
        scripts.mkdir()
        shutil.copy(ROOT / "scripts" / "demo", scripts)
        (scripts / "set_up.sh").write_text(SET_UP)
        command = folder / "bin" / "vla-humanoid"
        command.parent.mkdir()
        command.write_text(COMMAND)
        command.chmod(0o755)

    def run(self, *arguments: str) -> list[str]:
        """Run the script and return the command lines that it started."""
        calls = self.folder / "calls"
        calls.unlink(missing_ok=True)
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        subprocess.run(
            ["bash", str(self.folder / "scripts" / "demo"), *arguments],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "CALLS": str(calls)},
            capture_output=True,
            check=True,
        )
        return calls.read_text().splitlines()


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(tmp_path)


GENERATE = "generate PickPlace --episodes 10 --output demos.hdf5"


def test_the_first_demo_generates_and_inspects(demo: Demo) -> None:
    assert demo.run() == [GENERATE, "inspect demos.hdf5"]


@pytest.mark.parametrize("left", ["demos.hdf5", "demos.hdf5.parts"])
def test_the_second_demo_goes_on_with_what_is_there(demo: Demo, left: str) -> None:
    (demo.folder / left).mkdir()  # Only its name counts.
    assert demo.run() == [f"{GENERATE} --resume", "inspect demos.hdf5"]


@pytest.mark.parametrize("choice", ["--overwrite", "--resume"])
def test_the_user_may_choose(demo: Demo, choice: str) -> None:
    (demo.folder / "demos.hdf5").touch()
    assert demo.run(choice) == [f"{GENERATE} {choice}", "inspect demos.hdf5"]


@pytest.mark.parametrize("arguments", [("--output", "my.hdf5"), ("--output=my.hdf5",)])
def test_another_output_counts_on_its_own(demo: Demo, arguments: tuple[str, ...]) -> None:
    (demo.folder / "demos.hdf5").touch()
    line = f"{GENERATE} {' '.join(arguments)}"
    assert demo.run(*arguments) == [line, "inspect my.hdf5"]
    (demo.folder / "my.hdf5").touch()
    assert demo.run(*arguments) == [f"{line} --resume", "inspect my.hdf5"]


def test_the_generation_benchmark_passes_failures_on() -> None:
    program = ROOT / "benchmarks" / "generation.py"
    done = subprocess.run(
        [sys.executable, str(program), "--episodes", "0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr == "error: episodes must be at least 1, not 0.\n"


def test_a_suite_without_its_python_asks_to_be_skipped(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(ROOT / "scripts" / "set_up.sh", scripts)
    wants = "OLDEST_PYTHON=99 NEWEST_PYTHON=99 VENV_FOLDER=.venvs/future"
    ran = subprocess.run(
        ["bash", "-c", f"{wants}; source scripts/set_up.sh; set_up ''"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 77
    assert "No Python 3.99 to 3.99 runs here" in ran.stdout
    assert ".venvs/future" in ran.stdout
