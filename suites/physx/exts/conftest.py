"""Shares the stand-in of Kit's Python API with the tests that need no pxr."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3] / "tests" / "exts"))

from kit_on_path import kit

__all__ = ["kit"]
