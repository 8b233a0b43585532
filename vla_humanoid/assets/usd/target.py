"""Where an export goes, and what may be replaced there."""

import os
from pathlib import Path

from vla_humanoid.assets.usd.requirements import UsdExportError

LIST = "files.txt"
"""Names every other file of an export, so that nothing else is ever replaced."""
_PREVIEWS = ".thumbs"
"""Omniverse leaves them beside the files that it has opened."""


def check_target(directory: Path, overwrite: bool) -> None:
    """Check that an export may go somewhere.

    Args:
        directory: to write to.
        overwrite: whether an earlier export may be replaced.

    Raises:
        UsdExportError: if there is something else, or no place for it.
    """
    folder = Path(os.path.abspath(directory)).parent
    if not folder.is_dir():
        raise UsdExportError(f"The folder {folder} does not exist; create it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsdExportError(f"The folder {folder} is not writable; choose another place.")
    if directory.is_symlink():
        raise UsdExportError(f"{directory} is a link; name the folder that is meant.")
    if not directory.exists():
        return
    if not overwrite:
        raise UsdExportError(
            f"{directory} exists already; choose another folder, or replace it with --overwrite "
            "(in Python, overwrite=True)."
        )
    if not (directory / LIST).is_file():
        raise UsdExportError(
            f"{directory} holds no earlier export, so it is not replaced; choose another folder."
        )
    ours = {LIST, *(directory / LIST).read_text().splitlines()}
    if foreign := [name for name in _files(directory) if name not in ours]:
        more = f" and {len(foreign) - 3} more" if foreign[3:] else ""
        raise UsdExportError(
            f"{directory} holds more than an export, so it is not replaced; move "
            f"{', '.join(foreign[:3])}{more} away, or choose another folder."
        )


def write_list(directory: Path) -> None:
    """Write the names of all files of an export beside them."""
    (directory / LIST).write_text("".join(f"{name}\n" for name in _files(directory)))


def _files(directory: Path) -> list[str]:
    """Return every file below a folder but previews, and every link, in order."""
    found: list[str] = []
    for folder, folders, files in os.walk(directory):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = [name for name in folders if name != _PREVIEWS and name not in links]
        found += [(Path(folder) / name).relative_to(directory).as_posix() for name in files + links]
    return sorted(found)
