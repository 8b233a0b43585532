"""Stands in for ``omni.kit.app``.

Signatures: docs.omniverse.nvidia.com/kit/docs/kit-manual, ``omni.kit.app``:
``get_app() -> IApp``, ``IApp.get_update_event_stream() -> carb.events.IEventStream``.
"""

from carb.events import IEventStream


class IApp:
    """The application; tests let its loop go round with ``update``."""

    def __init__(self) -> None:
        self._updates = IEventStream()

    def get_update_event_stream(self) -> IEventStream:
        """Return the stream that has an event every frame."""
        return self._updates

    def update(self) -> None:
        """Go round once."""
        self._updates.pump()


_app = IApp()


def get_app() -> IApp:
    """Return the application."""
    return _app
