"""Puts the extension and the stand-in of Kit's Python API on the path, for one test at a time."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAND_IN = ROOT / "tests" / "exts" / "stand_in"
EXTENSION = ROOT / "exts" / "vla_humanoid.isaac"
_OURS = ("omni", "carb", "isaacsim", "vla_humanoid_isaac")


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh Kit; import what it has, and the extension, inside of the test."""
    # Some of it may be there already: the asset validator of OpenUSD is a part of `omni`.
    before = {name: sys.modules.pop(name) for name in _loaded()}
    monkeypatch.syspath_prepend(STAND_IN)
    monkeypatch.syspath_prepend(EXTENSION)
    yield
    # Nothing else may believe that it runs inside of Kit.
    for name in _loaded():
        del sys.modules[name]
    sys.modules.update(before)


def _loaded() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] in _OURS]
