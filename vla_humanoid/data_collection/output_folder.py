"""The folder that an output goes to, checked before anything is written."""

import os
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError


def check_folder(output: Path) -> None:
    """Refuse an output whose folder is missing, or cannot be written to.

    Raises:
        ConfigurationError: saying what to do instead.
    """
    folder = output.parent
    if not folder.is_dir():
        raise ConfigurationError(f"The folder {folder} does not exist; create it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigurationError(f"The folder {folder} is not writable; choose another --output.")
