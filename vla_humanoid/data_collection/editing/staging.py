"""Where an edited file goes: checked first, written beside its place, then moved there."""

import glob
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from vla_humanoid.data_collection.attempts import sync_file
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.output_folder import check_folder

_TEMPORARY = ".tmp"


def check_target(output: Path, sources: Iterable[Path], overwrite: bool) -> None:
    """Refuse an output that cannot be written, or must not be.

    Args:
        output: the file to be written.
        sources: what it is made from; never replaced.
        overwrite: whether a file that is there may be replaced.

    Raises:
        ConfigurationError: saying what to do instead.
    """
    if output.is_dir():
        raise ConfigurationError(f"The output {output} is a folder; name a file in it.")
    check_folder(output)
    if not output.exists():
        return
    if not output.is_file():
        raise ConfigurationError(f"{output} is no ordinary file; choose another --output.")
    if any(source.exists() and output.samefile(source) for source in sources):
        raise ConfigurationError(
            f"{output} is what is to be read; choose another --output, files are not changed."
        )
    if not overwrite:
        raise ConfigurationError(
            f"{output} exists already; pass --overwrite to replace it, or choose another --output."
        )


@contextmanager
def staged(output: Path) -> Iterator[Path]:
    """Give a path to write to, which becomes the output if nothing goes wrong, else vanishes.

    Raises:
        DatasetError: if it cannot be written; the output is as it was then.
    """
    prefix = f".{output.name}.{socket.gethostname()}."
    for leftover in output.parent.glob(f"{glob.escape(prefix)}*{_TEMPORARY}"):
        if not _is_running(leftover.name.removeprefix(prefix).removesuffix(_TEMPORARY)):
            leftover.unlink(missing_ok=True)  # Of a command that was killed.
    temporary = output.with_name(f"{prefix}{os.getpid()}{_TEMPORARY}")
    try:
        yield temporary
        sync_file(temporary)
        temporary.replace(output)
        sync_file(output.parent)
    except OSError as error:
        raise DatasetError(f"{output} cannot be written: {error}.") from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def staged_dataset(output: Path) -> Iterator[h5py.File]:
    """Give an empty HDF5 file that becomes the output if nothing goes wrong, else vanishes.

    Raises:
        DatasetError: if it cannot be written; the output is as it was then.
    """
    with staged(output) as temporary:
        try:
            with h5py.File(temporary, "w") as file:
                yield file
        except RuntimeError as error:  # What HDF5 raises when it cannot close a file.
            raise DatasetError(f"{output} cannot be written: {error}.") from error


def _is_running(process: str) -> bool:
    """Tell whether there is a process of a number on this machine; also if it is no number."""
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (ValueError, OverflowError, PermissionError):
        return True
    return True
