"""An export is there whole or not at all, whatever happens on the way."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.export import staging
from vla_humanoid.data_collection.export.run import export

SCRIPT = Path(__file__).parent / "export_until_killed.py"


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@contextmanager
def exporting(dataset: Path, output: Path, name: str) -> Iterator[subprocess.Popen[str]]:
    """An export in a process of its own, which has begun."""
    command = [sys.executable, str(SCRIPT), str(dataset), str(output), name, "0.05"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lerobot", "gr00t"])
def test_kills_leave_nothing_half_written(small_dataset: Path, tmp_path: Path, name: str) -> None:
    whole = tmp_path / "whole"
    export([small_dataset], whole, name)
    expected = content(whole)
    output = tmp_path / "exported"
    moments = random.Random(0)
    for _ in range(3):
        with exporting(small_dataset, output, name) as process:
            time.sleep(moments.uniform(0.0, 0.5))
            process.send_signal(signal.SIGKILL)
        if output.exists():  # It was quicker than the kill.
            assert content(output) == expected
    export([small_dataset], output, name, overwrite=True)
    assert content(output) == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exported", "whole"]


def test_an_output_is_not_replaced_unasked(small_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "exported"
    export([small_dataset], output, "lerobot")
    before = content(output)
    with pytest.raises(ConfigurationError, match="exported exists already; pass --overwrite"):
        export([small_dataset], output, "lerobot")
    export([small_dataset], output, "lerobot", overwrite=True)
    assert content(output) == before, "the same bytes"


def test_only_an_export_of_the_format_is_replaced(small_dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/thesis.tex").write_text("words")
    with pytest.raises(ConfigurationError, match="precious is no earlier export"):
        export([small_dataset], tmp_path / "precious", "lerobot", overwrite=True)
    assert (tmp_path / "precious/thesis.tex").read_text() == "words"


def test_what_fails_midway_leaves_what_was_there(small_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "exported"
    export([small_dataset], output, "lerobot")
    before = content(output)

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export([small_dataset], output, "lerobot", overwrite=True, on_episode=stop)
    assert content(output) == before
    assert [path.name for path in tmp_path.iterdir()] == ["exported"]


def test_an_export_killed_while_it_replaced_another_puts_that_back(tmp_path: Path) -> None:
    output = tmp_path / "exported"
    left = tmp_path / "exported.exporting"
    (left / "replaced").mkdir(parents=True)
    (left / "lock").touch()
    (left / "replaced/earlier").touch()
    with (
        pytest.raises(ConfigurationError, match="exists already"),
        staging.staged(output, "earlier", overwrite=False, inputs=[]),
    ):
        pass
    assert (output / "earlier").exists()
    assert not left.exists()


def test_two_exports_do_not_share_an_output(tmp_path: Path) -> None:
    output = tmp_path / "exported"
    with staging.staged(output, "", overwrite=False, inputs=[]) as target:
        target.touch()
        with (
            pytest.raises(ConfigurationError, match="Another process writes to"),
            staging.staged(output, "", overwrite=False, inputs=[]),
        ):
            pass
    assert output.is_file()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("missing/exported", "does not exist; create it first"),
        ("link", "is a link"),
        ("", "would be replaced by its own export"),
        ("demos.hdf5", "would be replaced by its own export"),
    ],
)
def test_places_that_are_refused(tmp_path: Path, place: str, message: str) -> None:
    dataset = tmp_path / "demos.hdf5"
    dataset.touch()
    (tmp_path / "link").symlink_to(tmp_path)
    with (
        pytest.raises(ConfigurationError, match=message),
        staging.staged(tmp_path / place, "", overwrite=True, inputs=[dataset]),
    ):
        pass
    assert dataset.exists()
    assert len(os.listdir(tmp_path)) == 2
