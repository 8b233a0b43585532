"""Lets Isaac Lab's OvPhysX backend run without CUDA, and fast on few cores.

Isaac Lab 3.0 asks Warp for pinned host memory, which needs CUDA, and PhysX for eight threads, which
on two cores cost twenty times what they save.
"""

from collections.abc import Callable
from typing import TypeAlias

import ovphysx
import warp

_Make: TypeAlias = Callable[..., object]
_ALLOCATORS = ("zeros", "empty", "full", "ones", "zeros_like", "empty_like", "clone")
_prepared: list[bool] = []


def prepare_ovphysx() -> None:
    """Prepare this process for OvPhysX on a CPU; where there is CUDA, do nothing."""
    warp.init()
    if _prepared or warp.is_cuda_available():
        return
    for name in _ALLOCATORS:
        setattr(warp, name, _with(getattr(warp, name), "pinned", False, only_if_given=True))
    ovphysx.PhysXConfig = _with(ovphysx.PhysXConfig, "num_threads", 0)
    _prepared.append(True)


def _with(make: _Make, name: str, value: object, *, only_if_given: bool = False) -> _Make:
    """Return a function that calls another one with a keyword argument of ours."""

    def changed(*args: object, **kwargs: object) -> object:
        if name in kwargs or not only_if_given:
            kwargs[name] = value
        return make(*args, **kwargs)

    return changed
