"""Where an export goes: built beside its output, then renamed, so that it is there whole or not.

An export that is killed leaves ``<output>.exporting``; the next one clears it away and starts anew.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from vla_humanoid.data_collection.attempts import sync_file
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.output_folder import check_folder

_LOCK = "lock"
_CONTENT = "content"
_REPLACED = "replaced"


@contextmanager
def staged(output: Path, marker: str, overwrite: bool, inputs: Sequence[Path]) -> Iterator[Path]:
    """Give a path to build an export at, and move it to its output once it is complete.

    Args:
        output: where the export goes.
        marker: a file that every export of this format holds; empty where it is a single file.
        overwrite: whether an earlier export may be replaced.
        inputs: files that must stay.

    Raises:
        ConfigurationError: if there is no place for it, or something is there that must stay.
    """
    _check_output(output, inputs)
    staging = output.with_name(f"{output.name}.exporting")
    lock = _locked(staging)
    try:
        _clear(staging, output)
        _check_existing(output, marker, overwrite)
        yield staging / _CONTENT
        _sync(staging / _CONTENT)
        if output.exists():
            output.rename(staging / _REPLACED)
        (staging / _CONTENT).rename(output)
        sync_file(output.parent)
    finally:
        _clear(staging, output)
        (staging / _LOCK).unlink()
        staging.rmdir()
        os.close(lock)


def _check_output(output: Path, inputs: Sequence[Path]) -> None:
    if not output.name:  # An empty path, "." or "/".
        raise ConfigurationError(f"The output {output} must have a name of its own.")
    check_folder(output)
    if output.is_symlink():
        raise ConfigurationError(f"{output} is a link; name what it stands for.")
    place = output.resolve()
    for path in inputs:
        if place == path.resolve() or place in path.resolve().parents:
            raise ConfigurationError(
                f"{path} would be replaced by its own export; choose another --output."
            )


def _check_existing(output: Path, marker: str, overwrite: bool) -> None:
    if not output.exists():
        return
    if not overwrite:
        raise ConfigurationError(
            f"{output} exists already; pass --overwrite to replace it, or choose another --output."
        )
    if not ((output / marker).is_file() if marker else output.is_file()):
        raise ConfigurationError(
            f"{output} is no earlier export of this format, so it is not replaced; choose another "
            "--output."
        )


def _locked(staging: Path) -> int:
    """Make the folder, or take over one that a killed export left, and return its lock."""
    if staging.exists() and not (staging / _LOCK).is_file() and any(staging.iterdir()):
        raise ConfigurationError(f"{staging} is in the way; move it, or choose another --output.")
    staging.mkdir(exist_ok=True)
    lock = os.open(staging / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # Let go however the process ends.
    except OSError as error:
        os.close(lock)
        raise ConfigurationError(f"Another process writes to {staging}; wait for it.") from error
    return lock


def _clear(staging: Path, output: Path) -> None:
    """Delete everything but the lock."""
    if (staging / _REPLACED).exists() and not output.exists():
        (staging / _REPLACED).rename(output)  # Stopped between the two steps of replacing it.
    _remove(staging / _CONTENT)
    _remove(staging / _REPLACED)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(content: Path) -> None:
    """Make an export survive a power cut."""
    for folder, _, files in os.walk(content):
        for name in files:
            sync_file(Path(folder) / name)
        sync_file(Path(folder))
    if content.is_file():
        sync_file(content)
