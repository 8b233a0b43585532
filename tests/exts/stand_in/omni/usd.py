"""Stands in for ``omni.usd``.

Signatures: docs.omniverse.nvidia.com/kit/docs/omni.usd/latest: ``omni.usd.get_context(name: str =
'') -> UsdContext`` and ``UsdContext.get_stage() -> Usd.Stage``, which is None while none is open.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pxr import Usd


class UsdContext:
    """Holds the stage that is open; tests open one by setting ``stage``."""

    def __init__(self) -> None:
        self.stage: Usd.Stage | None = None

    def get_stage(self) -> "Usd.Stage | None":
        """Return the stage that is open, or None."""
        return self.stage


_context = UsdContext()


def get_context(name: str = "") -> UsdContext:
    """Return the context of a name; tests have one."""
    if name:
        raise AssertionError(f"There is no context {name!r}.")
    return _context
