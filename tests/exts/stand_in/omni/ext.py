"""Stands in for ``omni.ext``.

Signatures: docs.omniverse.nvidia.com/kit/docs/kit-manual, "Extensions (Basic)" and ``omni.ext``:
``IExt.__init__(self: omni.ext._extensions.IExt) -> None``, ``on_startup(ext_id)``,
``on_shutdown()``.
"""


class IExt:
    """What Kit instantiates for every extension that is enabled."""

    def on_startup(self, ext_id: str) -> None:
        """Called when the extension is enabled."""

    def on_shutdown(self) -> None:
        """Called when the extension is disabled."""
