"""Stands in for Kit's modules, so that the real Isaac Lab 2.3 can be imported without it.

Only names are stood in for: for any name there is an object to be called, or a class to derive from
if it has a capital. Nothing of it computes; Isaac Lab's own code is the real one.
"""

import builtins
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock

MISSING = ("carb", "cv2", "hid", "isaacsim", "omni", "pink", "pinocchio", "usdrt")
"""Packages that only Isaac Sim brings, or that Isaac Lab asks for and these tests do not need."""
MISSING_FROM_USD = ("pxr.PhysxSchema", "pxr.PhysicsSchemaTools")
"""Schemas that only Kit's USD has."""


class _FabricatedClass(type):
    """A class that has everything."""

    def __getattr__(cls, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=name)


class _Fabricated(ModuleType):
    """A module that has everything."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        made: object = _FabricatedClass(name, (), {}) if name[0].isupper() else MagicMock(name=name)
        setattr(self, name, made)
        return made


class _KitFinder(MetaPathFinder, Loader):
    """Finds every module of the packages that are missing."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        missing = fullname.partition(".")[0] in MISSING or fullname in MISSING_FROM_USD
        return ModuleSpec(fullname, self, is_package=True) if missing else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Fabricated(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def stand_in_for_kit() -> None:
    """Make the sources inside Isaac Lab's wheel importable, as a launcher would inside Kit."""
    sys.meta_path.insert(0, _KitFinder())
    for folder in sorted(_sources().iterdir()):
        sys.path.insert(0, str(folder))
    builtins.__dict__["ISAAC_LAUNCHED_FROM_TERMINAL"] = False


def _sources() -> Path:
    """Return the folder of the sources; the wheel's own package starts Kit, and is passed over."""
    spec = find_spec("isaaclab")
    if spec is None or spec.origin is None:
        raise RuntimeError("Isaac Lab 2.3.2 is not installed here: run scripts/test_isaaclab23.")
    return Path(spec.origin).parent / "source"
