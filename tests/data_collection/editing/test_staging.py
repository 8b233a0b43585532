"""What is left where a file was to be written."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from vla_humanoid.data_collection.editing.staging import staged, staged_dataset
from vla_humanoid.data_collection.errors import DatasetError


def write(output: Path, text: str) -> None:
    with staged(output) as temporary:
        temporary.write_text(text)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    output = tmp_path / "out.hdf5"
    output.write_text("before")
    with pytest.raises(KeyboardInterrupt), staged(output) as temporary:  # noqa: PT012
        temporary.write_text("half")
        assert output.read_text() == "before"
        raise KeyboardInterrupt
    assert output.read_text() == "before"
    write(output, "after")
    assert output.read_text() == "after"
    assert list(tmp_path.iterdir()) == [output]


def test_what_a_killed_command_left_goes_and_what_another_one_writes_stays(tmp_path: Path) -> None:
    output = tmp_path / "out.hdf5"
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True
    )
    ours = f".{output.name}.{socket.gethostname()}"
    dead = tmp_path / f"{ours}.{int(gone.stdout)}.tmp"
    alive = tmp_path / f"{ours}.{os.getppid()}.tmp"
    elsewhere = tmp_path / f".{output.name}.another-host.{int(gone.stdout)}.tmp"
    for path in (dead, alive, elsewhere):
        path.write_text("half")
    write(output, "whole")
    assert sorted(tmp_path.iterdir()) == sorted([output, alive, elsewhere])


def test_a_folder_that_goes_away_is_told(tmp_path: Path) -> None:
    output = tmp_path / "gone" / "out.hdf5"
    with pytest.raises(DatasetError, match="cannot be written"), staged_dataset(output):
        pass
