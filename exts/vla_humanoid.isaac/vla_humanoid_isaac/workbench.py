"""Ties session, panel, viewport and Kit's update loop together."""

import carb.events
import omni.kit.app

from vla_humanoid.viewer.events import EpisodeBegan, Event, MomentRead, Phase, PhaseChanged
from vla_humanoid.viewer.panel import Panel
from vla_humanoid.viewer.session import Session
from vla_humanoid.viewer.settings import SessionSettings
from vla_humanoid_isaac.panel_window import PanelWindow
from vla_humanoid_isaac.viewport import Viewport

CAMERAS = ("head",)
"""Whose images the panel shows; each costs time at every step."""


class Workbench:
    """Everything that the extension has open."""

    def __init__(self) -> None:
        session = Session(SessionSettings(cameras=CAMERAS))
        self._panel = Panel(session)
        self._viewport = Viewport()
        self._leave_session = session.subscribe(self._hear)
        self._window = PanelWindow(self._panel, CAMERAS)
        updates = omni.kit.app.get_app().get_update_event_stream()
        self._updates: carb.events.ISubscription | None = updates.create_subscription_to_pop(
            self._on_update, name="vla_humanoid.isaac"
        )

    def close(self) -> None:
        """Close everything, and complete what is recorded."""
        self._updates = None
        self._panel.close()
        self._leave_session()
        self._window.close()
        self._viewport.clear()

    def _on_update(self, event: carb.events.IEvent) -> None:
        self._panel.tick()

    def _hear(self, event: Event) -> None:
        match event:
            case EpisodeBegan(episode):
                self._viewport.begin(episode)
            case MomentRead(reading):
                self._viewport.show(reading)
            case PhaseChanged(Phase.IDLE):
                self._viewport.clear()
            case _:
                pass
