"""The window that is shown where the extension's packages are not installed."""

import os
import sys
from pathlib import Path

import omni.ui as ui

from vla_humanoid_isaac.style import TITLE


class MissingPackageWindow:
    """Says what is missing, and the command that installs it into this very Python.

    Args:
        error: of the import that failed.
    """

    def __init__(self, error: ImportError) -> None:
        self._window = ui.Window(TITLE, width=520, height=220)
        with self._window.frame, ui.VStack(spacing=8):
            ui.Label(f"vla-humanoid cannot be used here: {error}", word_wrap=True)
            ui.Label("Run this in a terminal, then disable and enable the extension:", height=0)
            ui.StringField(height=24, read_only=True).model.set_value(install_command())

    def close(self) -> None:
        """Close the window."""
        self._window.destroy()


def install_command() -> str:
    """Return the command that installs vla-humanoid from this checkout into this Python."""
    checkout = Path(__file__).resolve().parents[3]
    return f'"{_python()}" -m pip install --editable "{checkout}"'


def _python() -> Path:
    """Return what starts this Python in a terminal: inside Kit, `sys.executable` is Kit.

    An unpacked Isaac Sim has a script for it, which also finds its packages.
    """
    folder = os.environ.get("ISAAC_PATH")
    candidates = [Path(folder) / name for name in ("python.sh", "python.bat") if folder]
    candidates += [Path(sys.prefix, "bin", "python3"), Path(sys.prefix, "python.exe")]
    return next((file for file in candidates if file.is_file()), Path(sys.executable))
