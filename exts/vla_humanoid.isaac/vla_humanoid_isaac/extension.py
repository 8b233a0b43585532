"""What Kit starts and stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import omni.ext

from vla_humanoid_isaac.missing_package import MissingPackageWindow

if TYPE_CHECKING:
    from vla_humanoid_isaac.workbench import Workbench


class VlaHumanoidExtension(omni.ext.IExt):
    """Opens the panel when the extension is enabled and closes it when it is disabled."""

    _shown: Workbench | MissingPackageWindow | None = None

    def on_startup(self, ext_id: str) -> None:
        """Open the panel, or a window that says which package is missing."""
        # What it needs lies in Kit's Python only once the user has installed it there.
        try:
            from vla_humanoid_isaac.workbench import Workbench
        except ImportError as error:
            self._shown = MissingPackageWindow(error)
        else:
            self._shown = Workbench()

    def on_shutdown(self) -> None:
        """Close it, complete what is recorded, and leave the stage as it was."""
        if self._shown is not None:
            self._shown.close()
            self._shown = None
